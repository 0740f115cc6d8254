CREATE OR REPLACE TEMP TABLE "made_settled" AS
SELECT c."entry_id", c."account_id", c."name", c."memo", c."amount", c."currency" FROM curated."settled__rows" c WHERE 1 = 0;
