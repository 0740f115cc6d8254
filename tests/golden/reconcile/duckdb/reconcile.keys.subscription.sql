SELECT CAST(t."subscription_id" AS VARCHAR) AS key_0, CAST(COUNT(*) OVER () AS VARCHAR) AS differing
FROM (
  SELECT d."subscription_id" FROM temp."touched_subscription" d
  UNION
  SELECT c."subscription_id" FROM curated."subscription__rows" c
  WHERE c.deleted_at IS NULL GROUP BY c."subscription_id" HAVING COUNT(*) > 1
) t ORDER BY key_0 LIMIT 20;
