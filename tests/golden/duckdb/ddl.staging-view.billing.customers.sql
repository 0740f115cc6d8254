CREATE OR REPLACE VIEW staging."billing_customers" AS
SELECT "id", "customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "created_at", "updated_at" FROM staging."billing_customers__rows" WHERE _deleted_at IS NULL;
