CREATE OR REPLACE TEMP TABLE "touched_memo_total" AS
SELECT DISTINCT k."memo", k."currency" FROM (
    SELECT r."memo" AS "memo", r."currency" AS "currency" FROM (SELECT c."entry_id", c."account_id", c."name", c."memo", c."amount", c."currency" FROM curated."settled__rows" c JOIN temp."touched_settled" t ON c."entry_id" = t."entry_id"
      WHERE c.deleted_at IS NULL) r
) k WHERE k."memo" IS NOT NULL AND k."currency" IS NOT NULL;
