CREATE OR REPLACE VIEW curated."invoice" AS
SELECT * FROM curated."invoice__rows" WHERE deleted_at IS NULL;
