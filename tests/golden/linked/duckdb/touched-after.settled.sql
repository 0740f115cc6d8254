INSERT INTO temp."touched_settled" ("entry_id")
SELECT n.* FROM (SELECT DISTINCT k."entry_id" FROM (
    SELECT r."entry_id" AS "entry_id" FROM (SELECT c."entry_id", c."memo", c."status" FROM curated."link__rows" c
      WHERE c._publication = 4 AND c.deleted_at IS NULL
      UNION ALL SELECT h."entry_id", h."memo", h."status" FROM history."link" h
      WHERE h._to_publication = 4 AND h.deleted_at IS NULL) r
    UNION ALL
    SELECT * FROM (WITH changed AS (
      SELECT c."account_id", c."name" FROM curated."account__rows" c
      WHERE c._publication = 4 AND c.deleted_at IS NULL
      UNION ALL SELECT h."account_id", h."name" FROM history."account" h
      WHERE h._to_publication = 4 AND h.deleted_at IS NULL
    ) SELECT n1."entry_id" AS "entry_id" FROM changed n0 JOIN staging."app_entries" n1 ON n1."account_id" = n0."account_id"
    ) k ("entry_id")
) k WHERE k."entry_id" IS NOT NULL) n
WHERE NOT EXISTS (SELECT 1 FROM temp."touched_settled" t WHERE t."entry_id" = n."entry_id");
