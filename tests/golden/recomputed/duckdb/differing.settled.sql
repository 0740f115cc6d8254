INSERT INTO temp."touched_settled" ("entry_id")
SELECT DISTINCT k."entry_id" FROM (
    SELECT COALESCE(m."entry_id", c."entry_id") AS "entry_id"
    FROM temp."made_settled" m FULL JOIN (SELECT l."entry_id", l."account_id", l."name", l."memo", l."amount", l."currency" FROM curated."settled__rows" l WHERE l.deleted_at IS NULL) c ON m."entry_id" = c."entry_id"
    WHERE m."entry_id" IS NULL
      OR c."entry_id" IS NULL
      OR m."account_id" IS DISTINCT FROM c."account_id"
      OR m."name" IS DISTINCT FROM c."name"
      OR m."memo" IS DISTINCT FROM c."memo"
      OR m."amount" IS DISTINCT FROM c."amount"
      OR m."currency" IS DISTINCT FROM c."currency"
    UNION ALL
    SELECT d."entry_id" FROM temp."made_settled" d GROUP BY d."entry_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."entry_id" FROM (SELECT l."entry_id", l."account_id", l."name", l."memo", l."amount", l."currency" FROM curated."settled__rows" l WHERE l.deleted_at IS NULL) t GROUP BY t."entry_id" HAVING COUNT(*) > 1
) k;
