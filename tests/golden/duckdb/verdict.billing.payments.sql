CREATE OR REPLACE TEMP TABLE "verdict_billing_payments" AS
WITH matched AS (SELECT l.rowid AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(CASE WHEN l."posted_on" <> s."posted_on" THEN 1073741824 ELSE 0 END + CASE WHEN l."payment_id" IS DISTINCT FROM s."payment_id" THEN 2147483648 ELSE 0 END AS BIGINT) AS _immutable0
FROM temp."label_billing_payments" l
JOIN staging."billing_payments__rows" s ON l."id" = s."id"),
entering_0 AS (SELECT p."invoice_id" FROM temp."label_billing_invoices" p WHERE p.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))),
lacking AS (SELECT _row, CAST(SUM(CAST(_unknown AS HUGEINT)) AS BIGINT) AS _unknown, CAST(SUM(CAST(_stuck AS HUGEINT)) AS BIGINT) AS _stuck
FROM (
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l.rowid AS _row, 1 AS _bit, CAST(l."invoice_id" AS VARCHAR) AS _key
    FROM temp."label_billing_payments" l
    ANTI JOIN entering_0 e ON e."invoice_id" = l."invoice_id"
    ANTI JOIN staging."billing_invoices__rows" p ON p."invoice_id" = l."invoice_id"
    WHERE l."invoice_id" IS NOT NULL
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."invoice_id" AS VARCHAR) AS _key FROM temp."label_billing_invoices" p
      JOIN temp."verdict_billing_invoices" v ON v._row = p.rowid AND v._class IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM ops."open_quarantine" q WHERE q.feed = 'billing.invoices') k
  ) w ON w._key = m._key
) r GROUP BY _row),
holder AS (SELECT _row, CAST(SUM(CAST(_bit AS HUGEINT)) AS BIGINT) AS _held_by FROM (SELECT DISTINCT l.rowid AS _row, 1 AS _bit
  FROM temp."label_billing_payments" l JOIN staging."billing_payments__rows" s ON l."payment_id" = s."payment_id"
  WHERE s._deleted_at IS NULL AND (l."id" <> s."id") AND NOT EXISTS (SELECT 1 FROM temp."vanished_billing_payments" g WHERE g."id" = s."id")) h GROUP BY _row),
open_rows AS (SELECT q.row_id, q.source_key, q.scope, q.kind, q.version, q.reasons, q.row_hash, q.seq, q.copies, q.opened_at FROM ops."open_quarantine" q WHERE q.feed = 'billing.payments'),
waiting AS (SELECT q.source_key, MAX(q.seq) AS _seq, MAX(TRY_CAST(q.version AS BIGINT)) AS _version
  FROM open_rows q WHERE q.source_key <> '' GROUP BY q.source_key),
waiting_hash AS (SELECT q.source_key, q.row_hash, q.scope, count(*) FILTER (WHERE q.kind = 'held') AS _held, count(*) FILTER (WHERE q.kind <> 'held') AS _bad
  FROM open_rows q GROUP BY q.source_key, q.row_hash, q.scope),
newest AS (SELECT v."id", CAST(NULL AS BIGINT) AS _newest FROM temp."label_billing_payments" v WHERE FALSE),
present AS (SELECT DISTINCT k."id", 1 AS _present FROM temp."keys_billing_payments" k),
dead AS (SELECT DISTINCT k."id", 1 AS _dead FROM temp."label_billing_payments" k WHERE FALSE),
contested AS (
  SELECT l.rowid AS _row FROM temp."label_billing_payments" l WHERE l._origin <> 0 OR l._unreadable OR (l._mask0 & 4294967295) <> 0
  UNION
  SELECT _row FROM lacking
  UNION
  SELECT _row FROM holder
  UNION
  SELECT _row FROM matched WHERE _immutable0 <> 0
  UNION
  SELECT l.rowid AS _row FROM temp."label_billing_payments" l JOIN (
    SELECT g."id" FROM temp."label_billing_payments" g GROUP BY g."id" HAVING COUNT(*) > 1
  ) d ON l."id" = d."id"
  UNION
  SELECT l.rowid AS _row FROM temp."label_billing_payments" l JOIN (
    SELECT g."payment_id" FROM temp."label_billing_payments" g GROUP BY g."payment_id" HAVING COUNT(*) > 1
  ) d ON l."payment_id" = d."payment_id"
  UNION
  SELECT l.rowid AS _row FROM temp."label_billing_payments" l JOIN waiting o ON o.source_key = CAST(l."id" AS VARCHAR)
  UNION
  SELECT l.rowid AS _row FROM temp."label_billing_payments" l JOIN dead x ON x."id" = l."id"
),
facts AS (
  SELECT c._row, l._origin, l._pool_row, l._position, l._hash, CAST(NULL AS VARCHAR) AS _scope, l._unreadable, l."id", l."payment_id",
    (l._mask0 + COALESCE(m._immutable0, 0)) AS _mask0,
    m._row IS NOT NULL AS _staged, COALESCE(m._same AND NOT m._tombstone, FALSE) AS _same, COALESCE(m._tombstone, FALSE) AS _tombstone, m._old_minor, m._old_currency,
    COALESCE(h._held_by, 0) AS _held_by, COALESCE(r._unknown, 0) AS _unknown, COALESCE(r._stuck, 0) AS _stuck,
    (l._origin <> 0 AND (present._present IS NULL AND l._seq <= 2)) AS _gone, (l._origin = 0 AND dead._dead IS NOT NULL) AS _dead, COALESCE((NOT m._same AND (m._staged_seq > l._seq) OR m._tombstone AND m._staged_seq >= l._seq), FALSE) OR (l._origin = 0 AND COALESCE(o._seq > l._seq, FALSE)) OR (l._origin = 0 AND COALESCE(o._version > CAST(NULL AS BIGINT), FALSE)) OR (l._origin = 0 AND COALESCE(n._newest > CAST(NULL AS BIGINT), FALSE)) AS _older, FALSE AS _overtaken,
    l._unreadable OR ((l._mask0 + COALESCE(m._immutable0, 0)) & 4294967295) <> 0 OR (COALESCE(r._unknown, 0) & 0) <> 0 AS _own_bad, ((COALESCE(r._unknown, 0) + COALESCE(r._stuck, 0)) & 1) <> 0 AS _lacks_parent, o.source_key AS _waiting_key
  FROM contested c
  JOIN temp."label_billing_payments" l ON l.rowid = c._row
  LEFT JOIN matched m ON m._row = c._row
  LEFT JOIN holder h ON h._row = c._row
  LEFT JOIN lacking r ON r._row = c._row
  LEFT JOIN present ON present."id" = l."id"
  LEFT JOIN dead ON dead."id" = l."id"
  LEFT JOIN waiting o ON o.source_key = CAST(l."id" AS VARCHAR)
  LEFT JOIN newest n ON n."id" = l."id"
),
judged AS (
  SELECT f.*,
    (f._origin <> 0 AND f."id" IS NOT NULL AND MAX(CASE WHEN f._origin = 0 AND (f._same OR NOT f._older) AND NOT f._dead THEN 1 ELSE 0 END) OVER (PARTITION BY f."id") = 1) AS _represented,
    (f._dead OR f._overtaken OR f._older AND NOT f._same) AS _aside
  FROM facts f
),
claims AS (
  SELECT j.*, (NOT j._aside AND NOT j._represented AND NOT j._gone AND (j._same OR NOT (j._own_bad OR j._unreadable))) AS _claims, CAST(j."id" AS VARCHAR) || '/' || to_hex(j._hash) AS _claim,
    ROW_NUMBER() OVER (PARTITION BY j."id", j._hash, j._origin, j._aside ORDER BY j._position) AS _copy,
    CASE WHEN j._origin = 0 THEN COUNT(*) OVER (PARTITION BY j."id", j._hash, j._origin, j._aside) ELSE 1 END AS _batch_copies
  FROM judged j
),
claimed AS (
  SELECT k.*, CAST(CASE WHEN k._claims AND k."payment_id" IS NOT NULL AND ((k._held_by & 1) <> 0 OR ((k._claims AND NOT (k._held_by & 1) <> 0) AND NOT k._same AND MIN(CASE WHEN (k._claims AND NOT (k._held_by & 1) <> 0) THEN k._claim END) OVER (PARTITION BY k."payment_id") <> MAX(CASE WHEN (k._claims AND NOT (k._held_by & 1) <> 0) THEN k._claim END) OVER (PARTITION BY k."payment_id") AND TRUE)) THEN 1 ELSE 0 END
      + CASE WHEN k._claims AND k."id" IS NOT NULL AND ((k._held_by & 2) <> 0 OR ((k._claims AND NOT (k._held_by & 2) <> 0) AND NOT k._same AND MIN(CASE WHEN (k._claims AND NOT (k._held_by & 2) <> 0) THEN k._claim END) OVER (PARTITION BY k."id") <> MAX(CASE WHEN (k._claims AND NOT (k._held_by & 2) <> 0) THEN k._claim END) OVER (PARTITION BY k."id") AND TRUE)) THEN 2 ELSE 0 END AS BIGINT) AS _duplicate_keys
  FROM claims k
)
SELECT j._row, j._origin, j._pool_row, j._class, j._mask0, j._duplicate_keys, j._unknown, j._stuck, (j._origin = 0 AND ((j._class IN ('unreadable', 'quarantined') AND COALESCE(w._bad, 0) > 0) OR (j._class = 'held' AND COALESCE(w._held, 0) > 0))) AS _seen_again,
    (j._class = 'quarantined' AND NOT j._own_bad AND NOT j._unreadable) AS _unique_only, j._copy, j._copies, j._tombstone, j._old_minor, j._old_currency, j._waiting_key
  FROM (SELECT j.*, CASE
      WHEN j._represented THEN 'represented'
      WHEN j._gone THEN 'vanished'
      WHEN j._aside THEN 'superseded'
      WHEN j._origin = 0 AND j._same THEN CASE WHEN j._copy = 1 THEN 'unchanged' ELSE 'duplicate' END
      WHEN j._origin = 2 AND ((j._own_bad OR (j._duplicate_keys & 3) <> 0) OR j._lacks_parent OR j._unreadable OR j._outdone) THEN 'waiting'
      WHEN j._unreadable THEN 'unreadable'
      WHEN (j._own_bad OR (j._duplicate_keys & 3) <> 0) THEN 'quarantined'
      WHEN j._origin = 1 AND j._lacks_parent AND j._expired THEN 'expired'
      WHEN j._origin = 1 AND j._lacks_parent THEN 'waiting'
      WHEN j._lacks_parent THEN 'held'
      WHEN j._origin = 0 AND j._copy > 1 THEN 'duplicate'
      WHEN j._same THEN 'unchanged'
      WHEN j._staged THEN 'updated'
      ELSE 'inserted' END AS _class FROM (
    SELECT c.*, COALESCE((((c._unknown + c._stuck) & 1) <> 0 AND p.opened_at + INTERVAL 168 HOUR <= TIMESTAMP '2026-11-01 02:00:00.000'), FALSE) AS _expired, (c._origin = 2 AND c._staged AND NOT c._same AND NOT c._tombstone AND COALESCE(POSITION('"id.unique"' IN p.reasons) > 0, FALSE)) AS _outdone, COALESCE(p.copies, c._batch_copies) AS _copies
    FROM claimed c
    LEFT JOIN open_rows p ON p.row_id = c._pool_row
  ) j) j
  LEFT JOIN waiting_hash w ON w.source_key = COALESCE(CAST(j."id" AS VARCHAR), '') AND w.row_hash = j._hash AND w.scope IS NOT DISTINCT FROM j._scope
UNION ALL
SELECT m._row, 0 AS _origin, CAST(NULL AS VARCHAR) AS _pool_row,
    CASE WHEN m._same AND NOT m._tombstone THEN 'unchanged' WHEN (NOT m._same AND (m._staged_seq > l._seq) OR m._tombstone AND m._staged_seq >= l._seq) THEN 'superseded' ELSE 'updated' END AS _class,
    l._mask0, 0 AS _duplicate_keys, 0 AS _unknown, 0 AS _stuck, FALSE AS _seen_again, FALSE AS _unique_only, 1 AS _copy, 1 AS _copies,
    m._tombstone, m._old_minor, m._old_currency, CAST(NULL AS VARCHAR) AS _waiting_key
  FROM matched m JOIN temp."label_billing_payments" l ON l.rowid = m._row
  WHERE NOT EXISTS (SELECT 1 FROM contested c WHERE c._row = m._row);
