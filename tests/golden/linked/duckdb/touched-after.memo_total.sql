INSERT INTO temp."touched_memo_total" ("memo", "currency")
SELECT n.* FROM (SELECT DISTINCT k."memo", k."currency" FROM (
    SELECT r."memo" AS "memo", r."currency" AS "currency" FROM (SELECT c."entry_id", c."account_id", c."name", c."memo", c."amount", c."currency" FROM curated."settled__rows" c
      WHERE c._publication = 4 AND c.deleted_at IS NULL
      UNION ALL SELECT h."entry_id", h."account_id", h."name", h."memo", h."amount", h."currency" FROM history."settled" h
      WHERE h._to_publication = 4 AND h.deleted_at IS NULL) r
) k WHERE k."memo" IS NOT NULL AND k."currency" IS NOT NULL) n
WHERE NOT EXISTS (SELECT 1 FROM temp."touched_memo_total" t WHERE t."memo" = n."memo" AND t."currency" = n."currency");
