INSERT INTO temp."touched_customer" ("customer_id")
SELECT DISTINCT k."customer_id" FROM (
    SELECT COALESCE(m."customer_id", c."customer_id") AS "customer_id"
    FROM temp."made_customer" m FULL JOIN (SELECT l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."source_row_id", l."created_at", l."updated_at" FROM curated."customer__rows" l WHERE l.deleted_at IS NULL) c ON m."customer_id" = c."customer_id"
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
    SELECT d."customer_id" FROM temp."made_customer" d GROUP BY d."customer_id" HAVING COUNT(*) > 1
) k;
