INSERT INTO temp."made_customer" ("customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "source_row_id", "created_at", "updated_at")
SELECT n."customer_id", n."legal_name", n."display_name", n."email", n."phone", n."country", n."currency", n."tax_exempt", n."billing_address", n."vat_number", n."balance_minor", n."delinquent", n."segment", n."row_version", n."source_row_id", n."created_at", n."updated_at" FROM (SELECT CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."legal_name" AS VARCHAR) AS "legal_name", CAST(m."display_name" AS VARCHAR) AS "display_name", CAST(m."email" AS VARCHAR) AS "email", CAST(m."phone" AS VARCHAR) AS "phone", CAST(m."country" AS VARCHAR) AS "country", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."tax_exempt" AS BOOLEAN) AS "tax_exempt", CAST(m."billing_address" AS VARCHAR) AS "billing_address", CAST(m."vat_number" AS VARCHAR) AS "vat_number", CAST(m."balance_minor" AS BIGINT) AS "balance_minor", CAST(m."delinquent" AS BOOLEAN) AS "delinquent", CAST(m."segment" AS VARCHAR) AS "segment", CAST(m."row_version" AS BIGINT) AS "row_version", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
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
from staging.billing_customers
) m) n
WHERE n."customer_id" IS NOT NULL;
