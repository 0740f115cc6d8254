WITH counted AS (
WITH made AS (
SELECT n."item_id", n."label" FROM (SELECT CAST(m."item_id" AS VARCHAR) AS "item_id", CAST(m."label" AS VARCHAR) AS "label" FROM (
select item_id, upper(label) as label from staging.app_items
) m) n
JOIN temp."touched_item" t ON n."item_id" = t."item_id"
)
SELECT CAST(t."item_id" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT k."item_id" FROM (
    SELECT COALESCE(m."item_id", c."item_id") AS "item_id"
    FROM made m FULL JOIN (SELECT l."item_id", l."label" FROM curated."item__rows" l JOIN temp."touched_item" t ON l."item_id" = t."item_id" WHERE l.deleted_at IS NULL) c ON m."item_id" = c."item_id"
    WHERE m."item_id" IS NULL
      OR c."item_id" IS NULL
      OR m."label" IS DISTINCT FROM c."label"
    UNION ALL
    SELECT d."item_id" FROM made d GROUP BY d."item_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."item_id" FROM (SELECT l."item_id", l."label" FROM curated."item__rows" l JOIN temp."touched_item" t ON l."item_id" = t."item_id" WHERE l.deleted_at IS NULL) t GROUP BY t."item_id" HAVING COUNT(*) > 1
) k
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
