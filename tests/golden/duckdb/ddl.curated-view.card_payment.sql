CREATE OR REPLACE VIEW curated."card_payment" AS
SELECT "charge_id", "customer_id", "status", "currency", "amount_minor", "refunded_minor", "refunds", "disputed", "created_at", _publication FROM curated."card_payment__rows" WHERE deleted_at IS NULL;
