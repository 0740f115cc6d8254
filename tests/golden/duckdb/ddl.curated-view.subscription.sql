CREATE OR REPLACE VIEW curated."subscription" AS
SELECT * FROM curated."subscription__rows" WHERE deleted_at IS NULL;
