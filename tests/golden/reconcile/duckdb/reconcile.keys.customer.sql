SELECT CAST(t."customer_id" AS VARCHAR) AS key_0, CAST(COUNT(*) OVER () AS VARCHAR) AS differing
FROM (
  SELECT d."customer_id" FROM temp."touched_customer" d
  UNION
  SELECT c."customer_id" FROM curated."customer__rows" c
  WHERE c.deleted_at IS NULL GROUP BY c."customer_id" HAVING COUNT(*) > 1
) t ORDER BY key_0 LIMIT 20;
