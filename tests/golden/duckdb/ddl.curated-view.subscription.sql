CREATE OR REPLACE VIEW curated."subscription" AS
SELECT "subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity", "billing_interval", "collection_method", "period_start", "period_end", "trial_end", "started_on", "canceled_at", "source_row_id", "created_at", "updated_at", _publication FROM curated."subscription__rows" WHERE deleted_at IS NULL;
