CREATE OR REPLACE TEMP TABLE "touched_customer" AS
SELECT c."customer_id" FROM curated."customer__rows" c WHERE 1 = 0;
