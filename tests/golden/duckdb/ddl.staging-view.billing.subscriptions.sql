CREATE OR REPLACE VIEW staging."billing_subscriptions" AS
SELECT "id", "subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity", "billing_interval", "collection_method", "period_start", "period_end", "trial_end", "started_on", "canceled_at", "created_at", "updated_at" FROM staging."billing_subscriptions__rows" WHERE _deleted_at IS NULL;
