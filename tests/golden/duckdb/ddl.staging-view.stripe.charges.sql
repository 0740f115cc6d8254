CREATE OR REPLACE VIEW staging."stripe_charges" AS
SELECT "id", "customer_id", "payment_intent_id", "balance_transaction_id", "status", "currency", "amount_minor", "amount_captured_minor", "amount_refunded_minor", "captured", "refunded", "disputed", "failure_code", "description", "card_last4", "created_at" FROM staging."stripe_charges__rows" WHERE _deleted_at IS NULL;
