CREATE OR REPLACE VIEW curated."sales_order" AS
SELECT * FROM curated."sales_order__rows" WHERE deleted_at IS NULL;
