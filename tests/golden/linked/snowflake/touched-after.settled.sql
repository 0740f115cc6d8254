INSERT INTO "TOUCHED_SETTLED" ("ENTRY_ID")
SELECT n.* FROM (SELECT DISTINCT k."ENTRY_ID" FROM (
    SELECT r."ENTRY_ID" AS "ENTRY_ID" FROM (SELECT c."ENTRY_ID", c."MEMO", c."STATUS" FROM CURATED."LINK__ROWS" c
      WHERE c._publication = 4 AND c.deleted_at IS NULL
      UNION ALL SELECT h."ENTRY_ID", h."MEMO", h."STATUS" FROM HISTORY."LINK" h
      WHERE h._to_publication = 4 AND h.deleted_at IS NULL) r
    UNION ALL
    SELECT * FROM (WITH changed AS (
      SELECT c."ACCOUNT_ID", c."NAME" FROM CURATED."ACCOUNT__ROWS" c
      WHERE c._publication = 4 AND c.deleted_at IS NULL
      UNION ALL SELECT h."ACCOUNT_ID", h."NAME" FROM HISTORY."ACCOUNT" h
      WHERE h._to_publication = 4 AND h.deleted_at IS NULL
    ) select e.entry_id from changed c join staging.app_entries e on e.account_id = c.account_id
    ) k ("ENTRY_ID")
) k WHERE k."ENTRY_ID" IS NOT NULL) n
WHERE NOT EXISTS (SELECT 1 FROM "TOUCHED_SETTLED" t WHERE t."ENTRY_ID" = n."ENTRY_ID");
