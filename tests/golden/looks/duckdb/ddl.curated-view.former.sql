CREATE OR REPLACE VIEW curated."former" AS
SELECT * FROM curated."former__rows" WHERE deleted_at IS NULL;
