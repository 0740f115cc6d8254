CREATE OR REPLACE TEMP TABLE "made_customer" AS
SELECT c."customer_id", c."legal_name", c."display_name", c."email", c."phone", c."country", c."currency", c."tax_exempt", c."billing_address", c."vat_number", c."balance_minor", c."delinquent", c."segment", c."row_version", c."source_row_id", c."created_at", c."updated_at" FROM curated."customer__rows" c WHERE 1 = 0;
