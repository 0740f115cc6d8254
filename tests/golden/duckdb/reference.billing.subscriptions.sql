CREATE OR REPLACE TEMP TABLE "reference_billing_subscriptions" AS
SELECT _row, CAST(SUM(_unknown) AS BIGINT) AS _unknown, CAST(SUM(_stuck) AS BIGINT) AS _stuck
FROM (
  SELECT m._row, CASE WHEN w._key IS NULL THEN m._bit ELSE 0 END AS _unknown, CASE WHEN w._key IS NULL THEN 0 ELSE m._bit END AS _stuck
  FROM (
    SELECT l.rowid AS _row, 1 AS _bit, CAST(l."customer_id" AS VARCHAR) AS _key
    FROM temp."label_billing_subscriptions" l
    WHERE l."customer_id" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM staging."billing_customers__rows" p WHERE p."customer_id" = l."customer_id")
      AND NOT EXISTS (SELECT 1 FROM (SELECT p."customer_id" FROM temp."label_billing_customers" p WHERE p.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted', 'updated'))) p WHERE p."customer_id" = l."customer_id")
  ) m LEFT JOIN (
    SELECT DISTINCT _key FROM (SELECT CAST(p."customer_id" AS VARCHAR) AS _key FROM temp."label_billing_customers" p
      JOIN temp."verdict_billing_customers" v ON v._row = p.rowid AND v._class IN ('unreadable', 'quarantined', 'held')
    UNION SELECT q.business_key AS _key FROM ops."open_quarantine" q WHERE q.feed = 'billing.customers') k
  ) w ON w._key = m._key
) r GROUP BY _row;
