CREATE OR REPLACE TEMP TABLE "touched_payment" AS
SELECT c."payment_id" FROM curated."payment__rows" c WHERE 1 = 0;
