CREATE OR REPLACE VIEW curated."former" AS
SELECT "entry_id", "account_id", "amount", "currency", "memo", _publication FROM curated."former__rows" WHERE deleted_at IS NULL;
