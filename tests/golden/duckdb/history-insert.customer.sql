INSERT INTO history."customer" ("customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at", _to_publication)
SELECT c."customer_id", c."legal_name", c."display_name", c."email", c."phone", c."country", c."currency", c."tax_exempt", c."billing_address", c."vat_number", c."balance_minor", c."delinquent", c."segment", c."row_version", c."source_row_id", c."created_at", c."updated_at", c."_contract_version", c."_publication", c."deleted_at", 2
FROM curated."customer__rows" c JOIN temp."touched_customer" t ON c."customer_id" = t."customer_id"
LEFT JOIN curated."customer__rows" n ON n._publication = 2 AND n."customer_id" = c."customer_id"
WHERE c._publication < 2 AND (c.deleted_at IS NULL OR n._publication IS NOT NULL);
