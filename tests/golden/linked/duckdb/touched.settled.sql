CREATE OR REPLACE TEMP TABLE "touched_settled" AS
SELECT DISTINCT k."entry_id" FROM (
    SELECT l."entry_id" AS "entry_id" FROM temp."label_app_entries" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."entry_id" AS "entry_id" FROM (SELECT s."id", s."entry_id", s."account_id", s."amount", s."currency", s."memo" FROM staging."app_entries__rows" s
  JOIN temp."vanished_app_entries" g ON s."id" = g."id") o
    UNION ALL
    SELECT r."entry_id" AS "entry_id" FROM (SELECT c."entry_id", c."memo", c."status" FROM curated."link__rows" c JOIN temp."touched_link" t ON c."entry_id" = t."entry_id"
      WHERE c.deleted_at IS NULL) r
    UNION ALL
    SELECT * FROM (WITH changed AS (
      SELECT c."account_id", c."name" FROM curated."account__rows" c JOIN temp."touched_account" t ON c."account_id" = t."account_id"
      WHERE c.deleted_at IS NULL
    ) SELECT n1."entry_id" AS "entry_id" FROM changed n0 JOIN staging."app_entries" n1 ON n1."account_id" = n0."account_id"
    ) k ("entry_id")
) k WHERE k."entry_id" IS NOT NULL;
