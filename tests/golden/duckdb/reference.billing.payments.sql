CREATE OR REPLACE TEMP TABLE "reference_billing_payments" AS
SELECT _row, CAST(SUM(_unknown) AS BIGINT) AS _unknown, CAST(SUM(_stuck) AS BIGINT) AS _stuck
FROM (
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l.rowid AS _row, 1 AS _bit, CAST(l."invoice_id" AS VARCHAR) AS _key
    FROM temp."label_billing_payments" l
    WHERE l."invoice_id" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM staging."billing_invoices__rows" p WHERE p."invoice_id" = l."invoice_id")
      AND NOT EXISTS (SELECT 1 FROM (SELECT p."invoice_id" FROM temp."label_billing_invoices" p WHERE p.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))) p WHERE p."invoice_id" = l."invoice_id")
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."invoice_id" AS VARCHAR) AS _key FROM temp."label_billing_invoices" p
      JOIN temp."verdict_billing_invoices" v ON v._row = p.rowid AND v._class IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM ops."open_quarantine" q WHERE q.feed = 'billing.invoices') k
  ) w ON w._key = m._key
) r GROUP BY _row;
