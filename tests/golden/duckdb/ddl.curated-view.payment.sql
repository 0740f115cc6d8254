CREATE OR REPLACE VIEW curated."payment" AS
SELECT * FROM curated."payment__rows" WHERE deleted_at IS NULL;
