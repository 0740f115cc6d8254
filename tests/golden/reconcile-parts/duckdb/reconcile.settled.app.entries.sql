CREATE OR REPLACE TEMP TABLE "settled_app_entries" AS
WITH landed AS (
  SELECT r.*, MAX(r._version) OVER (PARTITION BY r."id") AS _newest, r."id" IS NOT NULL AS _keyed FROM (
  SELECT p.* FROM temp."landed_app_entries__rows_0" p
  ) r
), standing AS (
  SELECT c.*, 1 AS _nth FROM temp."live_side_app_entries" c
), deleted AS (
  SELECT DISTINCT r."id", r._hash, r._seq FROM landed r JOIN (
  SELECT p.* FROM temp."landed_app_entries__deletes_0" p
  ) d ON d."id" = r."id" AND d._seq >= r._seq AND NOT COALESCE(r._version > d._stamp, FALSE)
), facts AS (
  SELECT r."id", r._keyed, r._hash, r._version, r._seq, r._minor, r._currency,
    CASE WHEN l._judged THEN l._seq END AS _live_seq, CASE WHEN l._judged THEN l._minor END AS _live_minor, CASE WHEN l._judged THEN l._currency END AS _live_currency, COALESCE(l._batch_id = r._batch_id, FALSE) AS _own,
    CASE WHEN r._seq > COALESCE(l._seq, g._seq, -1) AND NOT COALESCE(r._version < COALESCE(l._version, g._version), FALSE) AND NOT COALESCE(r._version < r._newest, FALSE) AND NOT COALESCE(l._content = r._content, FALSE) AND NOT (k.row_hash IS NOT NULL OR x._hash IS NOT NULL) THEN 1 WHEN w.row_hash IS NOT NULL THEN 2 WHEN COALESCE(l._batch_id = r._batch_id AND l._content = r._content AND NOT r._misread, FALSE) THEN 3 ELSE 4 END AS _rank,
    CASE WHEN COALESCE(l._batch_id = r._batch_id AND l._content = r._content AND NOT r._misread, FALSE) THEN 1 ELSE 0 END AS _stands
  FROM landed r
  LEFT JOIN standing l ON l."id" = r."id" AND l._nth = 1
  LEFT JOIN (
    SELECT s."id", MAX(s._seq) AS _seq, MAX(s."memo") AS _version
    FROM staging."app_entries__rows" s
    LEFT JOIN ops."batch" u ON u.batch_id = s._batch_id AND u.number >= s._publication
    WHERE s._deleted_at IS NOT NULL AND u.batch_id IS NULL GROUP BY s."id"
  ) g ON g."id" = r."id"
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM ops."open_quarantine" q WHERE q.feed = 'app.entries'
  UNION SELECT (CAST(hash(COALESCE(json_extract_string(q.payload, '/id'), json_extract_string(q.payload_pii, '/id')), COALESCE(json_extract_string(q.payload, '/entry_id'), json_extract_string(q.payload_pii, '/entry_id')), COALESCE(json_extract_string(q.payload, '/account_id'), json_extract_string(q.payload_pii, '/account_id')), COALESCE(json_extract_string(q.payload, '/amount'), json_extract_string(q.payload_pii, '/amount')), COALESCE(json_extract_string(q.payload, '/currency'), json_extract_string(q.payload_pii, '/currency')), COALESCE(json_extract_string(q.payload, '/memo'), json_extract_string(q.payload_pii, '/memo'))) AS UHUGEINT) * 18446744073709551616 + CAST(hash(COALESCE(json_extract_string(q.payload, '/memo'), json_extract_string(q.payload_pii, '/memo')), COALESCE(json_extract_string(q.payload, '/currency'), json_extract_string(q.payload_pii, '/currency')), COALESCE(json_extract_string(q.payload, '/amount'), json_extract_string(q.payload_pii, '/amount')), COALESCE(json_extract_string(q.payload, '/account_id'), json_extract_string(q.payload_pii, '/account_id')), COALESCE(json_extract_string(q.payload, '/entry_id'), json_extract_string(q.payload_pii, '/entry_id')), COALESCE(json_extract_string(q.payload, '/id'), json_extract_string(q.payload_pii, '/id')), 'ledgerloop') AS UHUGEINT)) AS row_hash FROM (
    SELECT CASE WHEN json_valid(q.payload) THEN q.payload END AS payload, CASE WHEN json_valid(q.payload_pii) THEN q.payload_pii END AS payload_pii FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND COALESCE(q.contract_version, '') <> '1.0.0'
  ) q) w ON w.row_hash = r._hash
  LEFT JOIN (SELECT DISTINCT q.row_hash FROM ops."quarantine_row" q WHERE q.feed IN ('app.entries')) k ON k.row_hash = r._hash
  LEFT JOIN deleted x ON x."id" = r."id" AND x._hash = r._hash AND x._seq = r._seq
), spoken AS (
  SELECT f.*, MAX(f._stands) OVER (PARTITION BY f."id", CASE WHEN f._keyed THEN NULL ELSE f._hash END) = 1 AS _stood,
    ROW_NUMBER() OVER (PARTITION BY f."id", CASE WHEN f._keyed THEN NULL ELSE f._hash END ORDER BY f._rank, CASE WHEN f._own THEN 0 ELSE 1 END, f._seq DESC, f._version DESC NULLS LAST, f._currency, f._minor) AS _place
  FROM facts f
)
SELECT f."id", f._minor AS _source_minor, f._currency AS _source_currency, f._live_minor, f._live_currency,
  CASE WHEN f._rank = 1 OR (f._live_seq IS NOT NULL AND NOT f._stood) THEN 'break'
    WHEN f._rank = 2 THEN CASE WHEN f._live_seq IS NOT NULL THEN 'stale' ELSE 'waiting' END ELSE 'equal' END AS _term,
  CASE WHEN f._live_seq IS NOT NULL THEN 'differs' ELSE 'missing' END AS _why, 1 AS _nth
FROM spoken f WHERE f._place = 1 AND (f._rank <> 4 OR f._live_seq IS NOT NULL)
UNION ALL
SELECT l."id", CAST(NULL AS BIGINT), CAST(NULL AS VARCHAR), l._minor, l._currency, 'break', CASE WHEN l._nth > 1 THEN 'copy' ELSE 'unlanded' END, 1
FROM standing l LEFT JOIN (SELECT DISTINCT r."id" FROM landed r) r ON r."id" = l."id"
WHERE l._nth > 1 OR r."id" IS NULL;
