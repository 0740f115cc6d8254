CREATE OR REPLACE VIEW staging."stripe_invoices" AS
SELECT "id", "number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "subtotal_minor", "total_minor", "amount_due_minor", "amount_paid_minor", "amount_remaining_minor", "period_start", "period_end", "due_date", "finalized_at", "paid_at", "created_at" FROM staging."stripe_invoices__rows" WHERE _deleted_at IS NULL;
