INSERT INTO curated."customer__rows" ("customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT h."customer_id", h."legal_name", h."display_name", h."email", h."phone", h."country", h."currency", h."tax_exempt", h."billing_address", h."vat_number", h."balance_minor", h."delinquent", h."segment", h."row_version", h."source_row_id", h."created_at", h."updated_at", '1.0.0', 2, TIMESTAMP '2026-11-01 02:00:00.000'
FROM history."customer" h
WHERE h._to_publication = 2 AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM curated."customer__rows" n WHERE n._publication = 2 AND n."customer_id" = h."customer_id");
