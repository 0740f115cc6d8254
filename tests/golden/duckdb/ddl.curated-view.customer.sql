CREATE OR REPLACE VIEW curated."customer" AS
SELECT "customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "source_row_id", "created_at", "updated_at", _publication FROM curated."customer__rows" WHERE deleted_at IS NULL;
