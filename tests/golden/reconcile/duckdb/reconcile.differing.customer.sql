WITH counted AS (
WITH made AS (
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
WHERE n."customer_id" IS NOT NULL
)
SELECT CAST(t."customer_id" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT k."customer_id" FROM (
    SELECT COALESCE(m."customer_id", c."customer_id") AS "customer_id"
    FROM made m FULL JOIN (SELECT l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."source_row_id", l."created_at", l."updated_at" FROM curated."customer__rows" l WHERE l.deleted_at IS NULL) c ON m."customer_id" = c."customer_id"
    WHERE m."customer_id" IS NULL
      OR c."customer_id" IS NULL
      OR m."legal_name" IS DISTINCT FROM c."legal_name"
      OR m."display_name" IS DISTINCT FROM c."display_name"
      OR m."email" IS DISTINCT FROM c."email"
      OR m."phone" IS DISTINCT FROM c."phone"
      OR m."country" IS DISTINCT FROM c."country"
      OR m."currency" IS DISTINCT FROM c."currency"
      OR m."tax_exempt" IS DISTINCT FROM c."tax_exempt"
      OR m."billing_address" IS DISTINCT FROM c."billing_address"
      OR m."vat_number" IS DISTINCT FROM c."vat_number"
      OR m."balance_minor" IS DISTINCT FROM c."balance_minor"
      OR m."delinquent" IS DISTINCT FROM c."delinquent"
      OR m."segment" IS DISTINCT FROM c."segment"
      OR m."row_version" IS DISTINCT FROM c."row_version"
      OR m."source_row_id" IS DISTINCT FROM c."source_row_id"
      OR m."created_at" IS DISTINCT FROM c."created_at"
      OR m."updated_at" IS DISTINCT FROM c."updated_at"
    UNION ALL
    SELECT d."customer_id" FROM made d GROUP BY d."customer_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."customer_id" FROM (SELECT l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."source_row_id", l."created_at", l."updated_at" FROM curated."customer__rows" l WHERE l.deleted_at IS NULL) t GROUP BY t."customer_id" HAVING COUNT(*) > 1
) k
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
