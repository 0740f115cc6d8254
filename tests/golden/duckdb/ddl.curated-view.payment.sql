CREATE OR REPLACE VIEW curated."payment" AS
SELECT "payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "source_row_id", "created_at", "updated_at", _publication FROM curated."payment__rows" WHERE deleted_at IS NULL;
