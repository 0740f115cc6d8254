CREATE OR REPLACE VIEW curated."sales_order" AS
SELECT "order_id", "order_number", "account_id", "account_name", "status", "currency", "amount_minor", "effective_on", "created_at", _publication FROM curated."sales_order__rows" WHERE deleted_at IS NULL;
