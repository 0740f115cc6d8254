CREATE OR REPLACE VIEW curated."card_payment" AS
SELECT * FROM curated."card_payment__rows" WHERE deleted_at IS NULL;
