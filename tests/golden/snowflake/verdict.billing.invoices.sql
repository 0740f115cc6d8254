CREATE OR REPLACE TEMPORARY TABLE "VERDICT_BILLING_INVOICES" AS
WITH matched AS (SELECT l._row AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(CASE WHEN l."CUSTOMER_ID" <> s."CUSTOMER_ID" THEN 2147483648 ELSE 0 END + CASE WHEN l."CURRENCY" <> s."CURRENCY" THEN 34359738368 ELSE 0 END + CASE WHEN l."ISSUED_ON" <> s."ISSUED_ON" THEN 2199023255552 ELSE 0 END + CASE WHEN l."INVOICE_ID" IS DISTINCT FROM s."INVOICE_ID" THEN 4398046511104 ELSE 0 END AS BIGINT) AS _immutable0
FROM "LABEL_BILLING_INVOICES" l
JOIN STAGING."BILLING_INVOICES__ROWS" s ON l."ID" = s."ID"),
entering_0 AS (SELECT p."CUSTOMER_ID" FROM "LABEL_BILLING_CUSTOMERS" p WHERE p._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_CUSTOMERS" v WHERE v._class NOT IN ('inserted', 'updated'))),
entering_1 AS (SELECT p."SUBSCRIPTION_ID" FROM "LABEL_BILLING_SUBSCRIPTIONS" p WHERE p._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_SUBSCRIPTIONS" v WHERE v._class NOT IN ('inserted', 'updated'))),
lacking AS (SELECT _row, CAST(SUM(CAST(_unknown AS NUMBER(38, 0))) AS BIGINT) AS _unknown, CAST(SUM(CAST(_stuck AS NUMBER(38, 0))) AS BIGINT) AS _stuck
FROM (
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l._row AS _row, 1 AS _bit, CAST(l."CUSTOMER_ID" AS VARCHAR) AS _key
    FROM "LABEL_BILLING_INVOICES" l
    WHERE l."CUSTOMER_ID" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM entering_0 e WHERE e."CUSTOMER_ID" = l."CUSTOMER_ID")
      AND NOT EXISTS (SELECT 1 FROM STAGING."BILLING_CUSTOMERS__ROWS" p WHERE p."CUSTOMER_ID" = l."CUSTOMER_ID")
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."CUSTOMER_ID" AS VARCHAR) AS _key FROM "LABEL_BILLING_CUSTOMERS" p
      JOIN "VERDICT_BILLING_CUSTOMERS" v ON v._row = p._row AND v._class IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'billing.customers') k
  ) w ON w._key = m._key
  UNION ALL
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l._row AS _row, 2 AS _bit, CAST(l."SUBSCRIPTION_ID" AS VARCHAR) AS _key
    FROM "LABEL_BILLING_INVOICES" l
    WHERE l."SUBSCRIPTION_ID" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM entering_1 e WHERE e."SUBSCRIPTION_ID" = l."SUBSCRIPTION_ID")
      AND NOT EXISTS (SELECT 1 FROM STAGING."BILLING_SUBSCRIPTIONS__ROWS" p WHERE p."SUBSCRIPTION_ID" = l."SUBSCRIPTION_ID")
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."SUBSCRIPTION_ID" AS VARCHAR) AS _key FROM "LABEL_BILLING_SUBSCRIPTIONS" p
      JOIN "VERDICT_BILLING_SUBSCRIPTIONS" v ON v._row = p._row AND v._class IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'billing.subscriptions') k
  ) w ON w._key = m._key
) r GROUP BY _row),
holder AS (SELECT _row, CAST(SUM(CAST(_bit AS NUMBER(38, 0))) AS BIGINT) AS _held_by FROM (SELECT DISTINCT l._row AS _row, 1 AS _bit
  FROM "LABEL_BILLING_INVOICES" l JOIN STAGING."BILLING_INVOICES__ROWS" s ON l."INVOICE_ID" = s."INVOICE_ID"
  WHERE s._deleted_at IS NULL AND (l."ID" <> s."ID") AND NOT EXISTS (SELECT 1 FROM "VANISHED_BILLING_INVOICES" g WHERE g."ID" = s."ID")) h GROUP BY _row),
open_rows AS (SELECT q.row_id, q.source_key, q.scope, q.kind, q.version, q.reasons, q.row_hash, q.seq, q.copies, q.opened_at FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'billing.invoices'),
waiting AS (SELECT q.source_key, MAX(q.seq) AS _seq, MAX(CAST(TRY_TO_DECIMAL(q.version, 38, 0) AS NUMBER(38, 0))) AS _version
  FROM open_rows q WHERE q.source_key <> '' GROUP BY q.source_key),
waiting_hash AS (SELECT q.source_key, q.row_hash, q.scope, COUNT(CASE WHEN q.kind = 'held' THEN 1 END) AS _held, COUNT(CASE WHEN q.kind <> 'held' THEN 1 END) AS _bad
  FROM open_rows q GROUP BY q.source_key, q.row_hash, q.scope),
newest AS (SELECT v."ID", CAST(NULL AS NUMBER(19, 0)) AS _newest FROM "LABEL_BILLING_INVOICES" v WHERE FALSE),
present AS (SELECT DISTINCT k."ID", 1 AS _present FROM "KEYS_BILLING_INVOICES" k),
dead AS (SELECT DISTINCT k."ID", 1 AS _dead FROM "LABEL_BILLING_INVOICES" k WHERE FALSE),
contested AS (
  SELECT l._row AS _row FROM "LABEL_BILLING_INVOICES" l WHERE l._origin <> 0 OR l._unreadable OR BITAND(l._mask0, 7146825580543) <> 0
  UNION
  SELECT _row FROM lacking
  UNION
  SELECT _row FROM holder
  UNION
  SELECT _row FROM matched WHERE _immutable0 <> 0
  UNION
  SELECT l._row AS _row FROM "LABEL_BILLING_INVOICES" l JOIN (
    SELECT g."ID" FROM "LABEL_BILLING_INVOICES" g GROUP BY g."ID" HAVING COUNT(*) > 1
  ) d ON l."ID" = d."ID"
  UNION
  SELECT l._row AS _row FROM "LABEL_BILLING_INVOICES" l JOIN (
    SELECT g."INVOICE_ID" FROM "LABEL_BILLING_INVOICES" g GROUP BY g."INVOICE_ID" HAVING COUNT(*) > 1
  ) d ON l."INVOICE_ID" = d."INVOICE_ID"
  UNION
  SELECT l._row AS _row FROM "LABEL_BILLING_INVOICES" l JOIN waiting o ON o.source_key = CAST(l."ID" AS VARCHAR)
  UNION
  SELECT l._row AS _row FROM "LABEL_BILLING_INVOICES" l JOIN dead x ON x."ID" = l."ID"
),
facts AS (
  SELECT c._row, l._origin, l._pool_row, l._position, l._hash, CAST(NULL AS VARCHAR) AS _scope, l._unreadable, l."ID", l."INVOICE_ID",
    (l._mask0 + COALESCE(m._immutable0, 0)) AS _mask0,
    m._row IS NOT NULL AS _staged, COALESCE(m._same AND NOT m._tombstone, FALSE) AS _same, COALESCE(m._tombstone, FALSE) AS _tombstone, m._old_minor, m._old_currency,
    COALESCE(h._held_by, 0) AS _held_by, COALESCE(r._unknown, 0) AS _unknown, COALESCE(r._stuck, 0) AS _stuck,
    (l._origin <> 0 AND (present._present IS NULL AND l._seq <= 2)) AS _gone, (l._origin = 0 AND dead._dead IS NOT NULL) AS _dead, COALESCE((NOT m._same AND (m._staged_seq > l._seq) OR m._tombstone AND m._staged_seq >= l._seq), FALSE) OR (l._origin = 0 AND COALESCE(o._seq > l._seq, FALSE)) OR (l._origin = 0 AND COALESCE(o._version > CAST(NULL AS NUMBER(19, 0)), FALSE)) OR (l._origin = 0 AND COALESCE(n._newest > CAST(NULL AS NUMBER(19, 0)), FALSE)) AS _older, FALSE AS _overtaken,
    l._unreadable OR BITAND((l._mask0 + COALESCE(m._immutable0, 0)), 7146825580543) <> 0 OR BITAND(COALESCE(r._unknown, 0), 0) <> 0 AS _own_bad, BITAND((COALESCE(r._unknown, 0) + COALESCE(r._stuck, 0)), 3) <> 0 AS _lacks_parent, o.source_key AS _waiting_key
  FROM contested c
  JOIN "LABEL_BILLING_INVOICES" l ON l._row = c._row
  LEFT JOIN matched m ON m._row = c._row
  LEFT JOIN holder h ON h._row = c._row
  LEFT JOIN lacking r ON r._row = c._row
  LEFT JOIN present ON present."ID" = l."ID"
  LEFT JOIN dead ON dead."ID" = l."ID"
  LEFT JOIN waiting o ON o.source_key = CAST(l."ID" AS VARCHAR)
  LEFT JOIN newest n ON n."ID" = l."ID"
),
judged AS (
  SELECT f.*,
    (f._origin <> 0 AND f."ID" IS NOT NULL AND MAX(CASE WHEN f._origin = 0 AND (f._same OR NOT f._older) AND NOT f._dead THEN 1 ELSE 0 END) OVER (PARTITION BY f."ID") = 1) AS _represented,
    (f._dead OR f._overtaken OR f._older AND NOT f._same) AS _aside
  FROM facts f
),
claims AS (
  SELECT j.*, (NOT j._aside AND NOT j._represented AND NOT j._gone AND (j._same OR NOT (j._own_bad OR j._unreadable))) AS _claims, CAST(j."ID" AS VARCHAR) || '/' || CAST(j._hash AS VARCHAR) AS _claim,
    ROW_NUMBER() OVER (PARTITION BY j."ID", j._hash, j._origin, j._aside ORDER BY j._position) AS _copy,
    CASE WHEN j._origin = 0 THEN COUNT(*) OVER (PARTITION BY j."ID", j._hash, j._origin, j._aside) ELSE 1 END AS _batch_copies
  FROM judged j
),
claimed AS (
  SELECT k.*, CAST(CASE WHEN k._claims AND k."INVOICE_ID" IS NOT NULL AND (BITAND(k._held_by, 1) <> 0 OR ((k._claims AND NOT BITAND(k._held_by, 1) <> 0) AND NOT k._same AND MIN(CASE WHEN (k._claims AND NOT BITAND(k._held_by, 1) <> 0) THEN k._claim END) OVER (PARTITION BY k."INVOICE_ID") <> MAX(CASE WHEN (k._claims AND NOT BITAND(k._held_by, 1) <> 0) THEN k._claim END) OVER (PARTITION BY k."INVOICE_ID") AND TRUE)) THEN 1 ELSE 0 END
      + CASE WHEN k._claims AND k."ID" IS NOT NULL AND (BITAND(k._held_by, 2) <> 0 OR ((k._claims AND NOT BITAND(k._held_by, 2) <> 0) AND NOT k._same AND MIN(CASE WHEN (k._claims AND NOT BITAND(k._held_by, 2) <> 0) THEN k._claim END) OVER (PARTITION BY k."ID") <> MAX(CASE WHEN (k._claims AND NOT BITAND(k._held_by, 2) <> 0) THEN k._claim END) OVER (PARTITION BY k."ID") AND TRUE)) THEN 2 ELSE 0 END AS BIGINT) AS _duplicate_keys
  FROM claims k
)
SELECT j._row, j._origin, j._pool_row, j._class, j._mask0, j._duplicate_keys, j._unknown, j._stuck, (j._origin = 0 AND ((j._class IN ('unreadable', 'quarantined') AND COALESCE(w._bad, 0) > 0) OR (j._class = 'held' AND COALESCE(w._held, 0) > 0))) AS _seen_again,
    (j._class = 'quarantined' AND NOT j._own_bad AND NOT j._unreadable) AS _unique_only, j._copy, j._copies, j._tombstone, j._old_minor, j._old_currency, j._waiting_key
  FROM (SELECT j.*, CASE
      WHEN j._represented THEN 'represented'
      WHEN j._gone THEN 'vanished'
      WHEN j._aside THEN 'superseded'
      WHEN j._origin = 0 AND j._same THEN CASE WHEN j._copy = 1 THEN 'unchanged' ELSE 'duplicate' END
      WHEN j._origin = 2 AND ((j._own_bad OR BITAND(j._duplicate_keys, 3) <> 0) OR j._lacks_parent OR j._unreadable OR j._outdone) THEN 'waiting'
      WHEN j._unreadable THEN 'unreadable'
      WHEN (j._own_bad OR BITAND(j._duplicate_keys, 3) <> 0) THEN 'quarantined'
      WHEN j._origin = 1 AND j._lacks_parent AND j._expired THEN 'expired'
      WHEN j._origin = 1 AND j._lacks_parent THEN 'waiting'
      WHEN j._lacks_parent THEN 'held'
      WHEN j._origin = 0 AND j._copy > 1 THEN 'duplicate'
      WHEN j._same THEN 'unchanged'
      WHEN j._staged THEN 'updated'
      ELSE 'inserted' END AS _class FROM (
    SELECT c.*, COALESCE((BITAND((c._unknown + c._stuck), 1) <> 0 AND DATEADD(hour, 168, p.opened_at) <= CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))) OR (BITAND((c._unknown + c._stuck), 2) <> 0 AND DATEADD(hour, 168, p.opened_at) <= CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))), FALSE) AS _expired, (c._origin = 2 AND c._staged AND NOT c._same AND NOT c._tombstone AND COALESCE(POSITION('"id.unique"' IN p.reasons) > 0, FALSE)) AS _outdone, COALESCE(p.copies, c._batch_copies) AS _copies
    FROM claimed c
    LEFT JOIN open_rows p ON p.row_id = c._pool_row
  ) j) j
  LEFT JOIN waiting_hash w ON w.source_key = COALESCE(CAST(j."ID" AS VARCHAR), '') AND w.row_hash = j._hash AND w.scope IS NOT DISTINCT FROM j._scope
UNION ALL
SELECT m._row, 0 AS _origin, CAST(NULL AS VARCHAR) AS _pool_row,
    CASE WHEN m._same AND NOT m._tombstone THEN 'unchanged' WHEN (NOT m._same AND (m._staged_seq > l._seq) OR m._tombstone AND m._staged_seq >= l._seq) THEN 'superseded' ELSE 'updated' END AS _class,
    l._mask0, 0 AS _duplicate_keys, 0 AS _unknown, 0 AS _stuck, FALSE AS _seen_again, FALSE AS _unique_only, 1 AS _copy, 1 AS _copies,
    m._tombstone, m._old_minor, m._old_currency, CAST(NULL AS VARCHAR) AS _waiting_key
  FROM matched m JOIN "LABEL_BILLING_INVOICES" l ON l._row = m._row
  WHERE NOT EXISTS (SELECT 1 FROM contested c WHERE c._row = m._row);
