CREATE OR REPLACE VIEW staging."stripe_refunds" AS
SELECT "id", "charge_id", "payment_intent_id", "balance_transaction_id", "status", "reason", "currency", "amount_minor", "created_at" FROM staging."stripe_refunds__rows" WHERE _deleted_at IS NULL;
