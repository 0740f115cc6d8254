CREATE OR REPLACE VIEW staging."billing_payments" AS
SELECT "id", "payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "created_at", "updated_at" FROM staging."billing_payments__rows" WHERE _deleted_at IS NULL;
