CREATE OR REPLACE TEMP TABLE "touched_customer" AS
SELECT DISTINCT k."customer_id" FROM (
    SELECT l."customer_id" AS "customer_id" FROM temp."label_billing_customers" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."customer_id" AS "customer_id" FROM (SELECT s."id", s."customer_id", s."legal_name", s."display_name", s."email", s."phone", s."country", s."currency", s."tax_exempt", s."billing_address", s."vat_number", s."balance_minor", s."delinquent", s."segment", s."row_version", s."created_at", s."updated_at" FROM temp."label_billing_customers" l
  JOIN temp."verdict_billing_customers" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."billing_customers__rows" s ON l."id" = s."id") o
) k WHERE k."customer_id" IS NOT NULL;
