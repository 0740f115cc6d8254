CREATE OR REPLACE TEMP TABLE "touched_settled" AS
SELECT c."entry_id" FROM curated."settled__rows" c WHERE 1 = 0;
