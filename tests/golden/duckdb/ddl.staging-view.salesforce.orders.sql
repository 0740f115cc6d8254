CREATE OR REPLACE VIEW staging."salesforce_orders" AS
SELECT "id", "account_id", "order_number", "status", "effective_date", "total_amount", "currency", "created_at", "system_modstamp" FROM staging."salesforce_orders__rows" WHERE _deleted_at IS NULL;
