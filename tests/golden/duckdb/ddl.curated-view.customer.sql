CREATE OR REPLACE VIEW curated."customer" AS
SELECT * FROM curated."customer__rows" WHERE deleted_at IS NULL;
