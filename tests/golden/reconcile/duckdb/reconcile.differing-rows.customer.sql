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
), differing AS (
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
)
SELECT CAST(f."customer_id" AS VARCHAR) AS key_0,
  CAST(f."customer_id" AS VARCHAR) AS key_text,
  CASE WHEN m."customer_id" IS NOT NULL AND c."customer_id" IS NOT NULL THEN CONCAT('', CASE WHEN m."customer_id" IS DISTINCT FROM c."customer_id" THEN '0,' ELSE '' END, CASE WHEN m."legal_name" IS DISTINCT FROM c."legal_name" THEN '1,' ELSE '' END, CASE WHEN m."display_name" IS DISTINCT FROM c."display_name" THEN '2,' ELSE '' END, CASE WHEN m."email" IS DISTINCT FROM c."email" THEN '3,' ELSE '' END, CASE WHEN m."phone" IS DISTINCT FROM c."phone" THEN '4,' ELSE '' END, CASE WHEN m."country" IS DISTINCT FROM c."country" THEN '5,' ELSE '' END, CASE WHEN m."currency" IS DISTINCT FROM c."currency" THEN '6,' ELSE '' END, CASE WHEN m."tax_exempt" IS DISTINCT FROM c."tax_exempt" THEN '7,' ELSE '' END, CASE WHEN m."billing_address" IS DISTINCT FROM c."billing_address" THEN '8,' ELSE '' END, CASE WHEN m."vat_number" IS DISTINCT FROM c."vat_number" THEN '9,' ELSE '' END, CASE WHEN m."balance_minor" IS DISTINCT FROM c."balance_minor" THEN '10,' ELSE '' END, CASE WHEN m."delinquent" IS DISTINCT FROM c."delinquent" THEN '11,' ELSE '' END, CASE WHEN m."segment" IS DISTINCT FROM c."segment" THEN '12,' ELSE '' END, CASE WHEN m."row_version" IS DISTINCT FROM c."row_version" THEN '13,' ELSE '' END, CASE WHEN m."source_row_id" IS DISTINCT FROM c."source_row_id" THEN '14,' ELSE '' END, CASE WHEN m."created_at" IS DISTINCT FROM c."created_at" THEN '15,' ELSE '' END, CASE WHEN m."updated_at" IS DISTINCT FROM c."updated_at" THEN '16,' ELSE '' END) END AS differing_columns,
  SUBSTR(MD5(CONCAT('', COALESCE(CAST(strlen(CAST(m."customer_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."customer_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."legal_name" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."legal_name" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."display_name" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."display_name" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."email" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."email" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."phone" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."phone" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."country" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."country" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."tax_exempt" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."tax_exempt" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."billing_address" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."billing_address" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."vat_number" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."vat_number" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."balance_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."balance_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."delinquent" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."delinquent" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."segment" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."segment" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."row_version" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."row_version" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."source_row_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."source_row_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."created_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."created_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."updated_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."updated_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."customer_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."customer_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."legal_name" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."legal_name" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."display_name" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."display_name" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."email" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."email" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."phone" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."phone" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."country" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."country" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."tax_exempt" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."tax_exempt" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."billing_address" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."billing_address" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."vat_number" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."vat_number" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."balance_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."balance_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."delinquent" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."delinquent" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."segment" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."segment" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."row_version" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."row_version" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."source_row_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."source_row_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."created_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."created_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."updated_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."updated_at" AS VARCHAR), '-'))), 1, 4) AS print,
  CASE WHEN m."customer_id" IS NOT NULL THEN CAST(to_json({'customer_id': SUBSTR(CAST(m."customer_id" AS VARCHAR), 1, 200), 'legal_name': SUBSTR(CAST(m."legal_name" AS VARCHAR), 1, 200), 'display_name': SUBSTR(CAST(m."display_name" AS VARCHAR), 1, 200), 'email': CASE WHEN CAST(m."email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'phone': CASE WHEN CAST(m."phone" AS VARCHAR) IS NOT NULL THEN '•••' END, 'country': SUBSTR(CAST(m."country" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(m."currency" AS VARCHAR), 1, 200), 'tax_exempt': SUBSTR(CAST(m."tax_exempt" AS VARCHAR), 1, 200), 'billing_address': CASE WHEN CAST(m."billing_address" AS VARCHAR) IS NOT NULL THEN '•••' END, 'vat_number': CASE WHEN CAST(m."vat_number" AS VARCHAR) IS NOT NULL THEN '•••' END, 'balance_minor': SUBSTR(CAST(m."balance_minor" AS VARCHAR), 1, 200), 'delinquent': SUBSTR(CAST(m."delinquent" AS VARCHAR), 1, 200), 'segment': SUBSTR(CAST(m."segment" AS VARCHAR), 1, 200), 'row_version': SUBSTR(CAST(m."row_version" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(m."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(m."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(m."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN c."customer_id" IS NOT NULL THEN CAST(to_json({'customer_id': SUBSTR(CAST(c."customer_id" AS VARCHAR), 1, 200), 'legal_name': SUBSTR(CAST(c."legal_name" AS VARCHAR), 1, 200), 'display_name': SUBSTR(CAST(c."display_name" AS VARCHAR), 1, 200), 'email': CASE WHEN CAST(c."email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'phone': CASE WHEN CAST(c."phone" AS VARCHAR) IS NOT NULL THEN '•••' END, 'country': SUBSTR(CAST(c."country" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(c."currency" AS VARCHAR), 1, 200), 'tax_exempt': SUBSTR(CAST(c."tax_exempt" AS VARCHAR), 1, 200), 'billing_address': CASE WHEN CAST(c."billing_address" AS VARCHAR) IS NOT NULL THEN '•••' END, 'vat_number': CASE WHEN CAST(c."vat_number" AS VARCHAR) IS NOT NULL THEN '•••' END, 'balance_minor': SUBSTR(CAST(c."balance_minor" AS VARCHAR), 1, 200), 'delinquent': SUBSTR(CAST(c."delinquent" AS VARCHAR), 1, 200), 'segment': SUBSTR(CAST(c."segment" AS VARCHAR), 1, 200), 'row_version': SUBSTR(CAST(c."row_version" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(c."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(c."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(c."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values
FROM (SELECT d.* FROM differing d ORDER BY d."customer_id" LIMIT 1000) f
LEFT JOIN made m ON m."customer_id" = f."customer_id"
LEFT JOIN (SELECT l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."source_row_id", l."created_at", l."updated_at" FROM curated."customer__rows" l WHERE l.deleted_at IS NULL) c ON c."customer_id" = f."customer_id"
ORDER BY f."customer_id", print;
