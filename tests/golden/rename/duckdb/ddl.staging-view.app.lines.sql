CREATE OR REPLACE VIEW staging."app_lines" AS
SELECT "id", "entry_id", "account_id", "amount", "currency", "memo" FROM staging."app_lines__rows" WHERE _deleted_at IS NULL;
