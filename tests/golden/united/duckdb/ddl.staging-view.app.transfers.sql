CREATE OR REPLACE VIEW staging."app_transfers" AS
SELECT "id", "bank", "number", "amount", "currency", "payment_id" FROM staging."app_transfers__rows" WHERE _deleted_at IS NULL;
