WITH counted AS (
WITH made AS (
SELECT p.* FROM (SELECT n."item_id", n."label", n."day", n."at" FROM (SELECT CAST(m."item_id" AS VARCHAR) AS "item_id", CAST(m."label" AS VARCHAR) AS "label", CAST(m."day" AS DATE) AS "day", CAST(m."at" AS TIMESTAMP) AS "at" FROM (
select item_id, upper(label) as label, day, "at" from staging.app_items
) m) n
WHERE n."item_id" IS NOT NULL) p WHERE ((p."day" >= CAST('2025-01-01' AS DATE) AND p."day" < CAST('2026-01-01' AS DATE)))
)
SELECT CAST(t."item_id" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT e."item_id" FROM (
  SELECT DISTINCT k."item_id" FROM (
    SELECT COALESCE(m."item_id", c."item_id") AS "item_id"
    FROM made m FULL JOIN (SELECT p.* FROM (SELECT l."item_id", l."label", l."day", l."at" FROM curated."item__rows" l WHERE l.deleted_at IS NULL) p WHERE ((p."day" >= CAST('2025-01-01' AS DATE) AND p."day" < CAST('2026-01-01' AS DATE)))) c ON m."item_id" = c."item_id"
    WHERE m."item_id" IS NULL
      OR c."item_id" IS NULL
      OR m."label" IS DISTINCT FROM c."label"
      OR m."day" IS DISTINCT FROM c."day"
      OR m."at" IS DISTINCT FROM c."at"
    UNION ALL
    SELECT d."item_id" FROM made d GROUP BY d."item_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."item_id" FROM (SELECT p.* FROM (SELECT l."item_id", l."label", l."day", l."at" FROM curated."item__rows" l WHERE l.deleted_at IS NULL) p WHERE ((p."day" >= CAST('2025-01-01' AS DATE) AND p."day" < CAST('2026-01-01' AS DATE)))) t GROUP BY t."item_id" HAVING COUNT(*) > 1
) k
  UNION ALL
  SELECT w."item_id" FROM (SELECT l."item_id", l."label", l."day", l."at" FROM curated."item__rows" l WHERE l.deleted_at IS NULL) w JOIN (SELECT DISTINCT p."item_id" FROM (SELECT p.* FROM (SELECT l."item_id", l."label", l."day", l."at" FROM curated."item__rows" l WHERE l.deleted_at IS NULL) p WHERE ((p."day" >= CAST('2025-01-01' AS DATE) AND p."day" < CAST('2026-01-01' AS DATE)))) p) o ON o."item_id" = w."item_id" GROUP BY w."item_id" HAVING COUNT(*) > 1
) e
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
