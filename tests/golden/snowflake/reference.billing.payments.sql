CREATE OR REPLACE TRANSIENT TABLE WORK."REFERENCE_BILLING_PAYMENTS" AS
SELECT _row, CAST(SUM(_unknown) AS BIGINT) AS _unknown, CAST(SUM(_stuck) AS BIGINT) AS _stuck
FROM (
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l._row AS _row, 1 AS _bit, CAST(l."INVOICE_ID" AS VARCHAR) AS _key
    FROM WORK."LABEL_BILLING_PAYMENTS" l
    WHERE l."INVOICE_ID" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM STAGING."BILLING_INVOICES__ROWS" p WHERE p."INVOICE_ID" = l."INVOICE_ID")
      AND NOT EXISTS (SELECT 1 FROM WORK."LABEL_BILLING_INVOICES" p
      LEFT JOIN WORK."VERDICT_BILLING_INVOICES" v ON v._row = p._row
      WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated') AND p."INVOICE_ID" = l."INVOICE_ID")
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."INVOICE_ID" AS VARCHAR) AS _key FROM WORK."LABEL_BILLING_INVOICES" p
      LEFT JOIN WORK."VERDICT_BILLING_INVOICES" v ON v._row = p._row
      WHERE COALESCE(v._class, 'inserted') IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'billing.invoices') k
  ) w ON w._key = m._key
) r GROUP BY _row;
