INSERT INTO curated."customer__rows" ("customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT n."customer_id", n."legal_name", n."display_name", n."email", n."phone", n."country", n."currency", n."tax_exempt", n."billing_address", n."vat_number", n."balance_minor", n."delinquent", n."segment", n."row_version", n."source_row_id", n."created_at", n."updated_at", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."legal_name" AS VARCHAR) AS "legal_name", CAST(m."display_name" AS VARCHAR) AS "display_name", CAST(m."email" AS VARCHAR) AS "email", CAST(m."phone" AS VARCHAR) AS "phone", CAST(m."country" AS VARCHAR) AS "country", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."tax_exempt" AS BOOLEAN) AS "tax_exempt", CAST(m."billing_address" AS VARCHAR) AS "billing_address", CAST(m."vat_number" AS VARCHAR) AS "vat_number", CAST(m."balance_minor" AS BIGINT) AS "balance_minor", CAST(m."delinquent" AS BOOLEAN) AS "delinquent", CAST(m."segment" AS VARCHAR) AS "segment", CAST(m."row_version" AS BIGINT) AS "row_version", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
WITH "billing_customers" AS (SELECT l."id", l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."created_at", l."updated_at" FROM temp."label_billing_customers" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
select
  customer_id,
  legal_name,
  display_name,
  email,
  phone,
  country,
  currency,
  tax_exempt,
  billing_address,
  vat_number,
  balance_minor,
  delinquent,
  segment,
  row_version,
  id as source_row_id,
  created_at,
  updated_at
from "billing_customers"
) e
) m) n
WHERE n."customer_id" IS NOT NULL;
