CREATE OR REPLACE TEMPORARY TABLE "SETTLED_APP_ENTRIES" AS
WITH landed AS (
  SELECT r.*, MAX(r._version) OVER (PARTITION BY r."ID") AS _newest, r."ID" IS NOT NULL AS _keyed FROM (
  SELECT p.* FROM "LANDED_APP_ENTRIES__ROWS_0" p
  ) r
), standing AS (
  SELECT c.*, CASE WHEN c."ID" IS NOT NULL THEN ROW_NUMBER() OVER (PARTITION BY c."ID" ORDER BY c._seq DESC, c._content, c._minor) ELSE 1 END AS _nth
  FROM "LIVE_SIDE_APP_ENTRIES" c
), deleted AS (
  SELECT DISTINCT r."ID", r._hash, r._seq FROM landed r JOIN (
  SELECT p.* FROM "LANDED_APP_ENTRIES__DELETES_0" p
  ) d ON d."ID" = r."ID" AND d._seq >= r._seq AND NOT COALESCE(r._version > d._stamp, FALSE)
), facts AS (
  SELECT r."ID", r._keyed, r._hash, r._version, r._seq, r._minor, r._currency,
    CASE WHEN l._judged THEN l._seq END AS _live_seq, CASE WHEN l._judged THEN l._minor END AS _live_minor, CASE WHEN l._judged THEN l._currency END AS _live_currency, COALESCE(l._batch_id = r._batch_id, FALSE) AS _own,
    CASE WHEN r._seq > COALESCE(l._seq, g._seq, -1) AND NOT COALESCE(r._version < COALESCE(l._version, g._version), FALSE) AND NOT COALESCE(r._version < r._newest, FALSE) AND NOT COALESCE(l._content = r._content, FALSE) AND NOT (k.row_hash IS NOT NULL OR x._hash IS NOT NULL) THEN 1 WHEN w.row_hash IS NOT NULL THEN 2 WHEN COALESCE(l._batch_id = r._batch_id AND l._content = r._content AND NOT r._misread, FALSE) THEN 3 ELSE 4 END AS _rank,
    CASE WHEN COALESCE(l._batch_id = r._batch_id AND l._content = r._content AND NOT r._misread, FALSE) THEN 1 ELSE 0 END AS _stands
  FROM landed r
  LEFT JOIN standing l ON l."ID" = r."ID" AND l._nth = 1
  LEFT JOIN (
    SELECT s."ID", MAX(s._seq) AS _seq, MAX(s."MEMO") AS _version
    FROM STAGING."APP_ENTRIES__ROWS" s
    LEFT JOIN OPS."BATCH" u ON u.batch_id = s._batch_id AND u.number >= s._publication
    WHERE s._deleted_at IS NOT NULL AND u.batch_id IS NULL GROUP BY s."ID"
  ) g ON g."ID" = r."ID"
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries'
  UNION SELECT SHA2(COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['id'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['id'] AS VARCHAR)), '-') || COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['entry_id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['entry_id'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['entry_id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['entry_id'] AS VARCHAR)), '-') || COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['account_id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['account_id'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['account_id'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['account_id'] AS VARCHAR)), '-') || COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['amount'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['amount'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['amount'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['amount'] AS VARCHAR)), '-') || COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['currency'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['currency'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['currency'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['currency'] AS VARCHAR)), '-') || COALESCE(TO_VARCHAR(LENGTH(COALESCE(CAST(PARSE_JSON(q.payload)['memo'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['memo'] AS VARCHAR)))) || ':' || COALESCE(CAST(PARSE_JSON(q.payload)['memo'] AS VARCHAR), CAST(PARSE_JSON(q.payload_pii)['memo'] AS VARCHAR)), '-'), 256) AS row_hash FROM (
    SELECT CASE WHEN TRY_PARSE_JSON(q.payload) IS NOT NULL THEN q.payload END AS payload, CASE WHEN TRY_PARSE_JSON(q.payload_pii) IS NOT NULL THEN q.payload_pii END AS payload_pii FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries' AND COALESCE(q.contract_version, '') <> '1.0.0'
  ) q) w ON w.row_hash = r._hash
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM OPS."QUARANTINE_ROW" q WHERE q.feed IN ('app.entries')) k ON k.row_hash = r._hash
  LEFT JOIN deleted x ON x."ID" = r."ID" AND x._hash = r._hash AND x._seq = r._seq
), spoken AS (
  SELECT f.*, MAX(f._stands) OVER (PARTITION BY f."ID", CASE WHEN f._keyed THEN NULL ELSE f._hash END) = 1 AS _stood,
    ROW_NUMBER() OVER (PARTITION BY f."ID", CASE WHEN f._keyed THEN NULL ELSE f._hash END ORDER BY f._rank, CASE WHEN f._own THEN 0 ELSE 1 END, f._seq DESC, f._version DESC NULLS LAST, f._currency, f._minor) AS _place
  FROM facts f
)
SELECT f."ID", f._minor AS _source_minor, f._currency AS _source_currency, f._live_minor, f._live_currency,
  CASE WHEN f._rank = 1 OR (f._live_seq IS NOT NULL AND NOT f._stood) THEN 'break'
    WHEN f._rank = 2 THEN CASE WHEN f._live_seq IS NOT NULL THEN 'stale' ELSE 'waiting' END ELSE 'equal' END AS _term,
  CASE WHEN f._live_seq IS NOT NULL THEN 'differs' ELSE 'missing' END AS _why, 1 AS _nth
FROM spoken f WHERE f._place = 1 AND (f._rank <> 4 OR f._live_seq IS NOT NULL)
UNION ALL
SELECT l."ID", CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), l._minor, l._currency, 'break', CASE WHEN l._nth > 1 THEN 'copy' ELSE 'unlanded' END, 1
FROM standing l LEFT JOIN (SELECT DISTINCT r."ID" FROM landed r) r ON r."ID" = l."ID"
WHERE l._nth > 1 OR r."ID" IS NULL;
