CREATE OR REPLACE TEMP TABLE "touched_invoice" AS
SELECT c."invoice_id" FROM curated."invoice__rows" c WHERE 1 = 0;
