SELECT CAST(t."payment_id" AS VARCHAR) AS key_0, CAST(COUNT(*) OVER () AS VARCHAR) AS differing
FROM (
  SELECT d."payment_id" FROM temp."touched_payment" d
  UNION
  SELECT c."payment_id" FROM curated."payment__rows" c
  WHERE c.deleted_at IS NULL GROUP BY c."payment_id" HAVING COUNT(*) > 1
) t ORDER BY key_0 LIMIT 20;
