CREATE OR REPLACE VIEW staging."partners_remittances" AS
SELECT "remittance_id", "invoice_id", "customer_id", "amount", "currency", "paid_on", "note" FROM staging."partners_remittances__rows" WHERE _deleted_at IS NULL;
