CREATE OR REPLACE TEMP TABLE "touched_settled" AS
SELECT DISTINCT k."entry_id" FROM (
    SELECT l."entry_id" AS "entry_id" FROM temp."label_app_entries" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."entry_id" AS "entry_id" FROM (SELECT s."id", s."entry_id", s."account_id", s."amount", s."currency", s."memo" FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."app_entries__rows" s ON l."id" = s."id"
  UNION ALL
  SELECT s."id", s."entry_id", s."account_id", s."amount", s."currency", s."memo" FROM staging."app_entries__rows" s
  JOIN temp."vanished_app_entries" g ON s."id" = g."id") o
    UNION ALL
    SELECT r."entry_id" AS "entry_id" FROM (SELECT c."entry_id", c."memo", c."status" FROM curated."link__rows" c JOIN temp."touched_link" t ON c."entry_id" = t."entry_id"
      WHERE c.deleted_at IS NULL) r
    UNION ALL
    SELECT v.c0 AS "entry_id" FROM (VALUES ('e5')) AS v (c0)
) k WHERE k."entry_id" IS NOT NULL;
