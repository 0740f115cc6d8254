SELECT CAST(t."invoice_id" AS VARCHAR) AS key_0, CAST(COUNT(*) OVER () AS VARCHAR) AS differing
FROM (
  SELECT d."invoice_id" FROM temp."touched_invoice" d
  UNION
  SELECT c."invoice_id" FROM curated."invoice__rows" c
  WHERE c.deleted_at IS NULL GROUP BY c."invoice_id" HAVING COUNT(*) > 1
) t ORDER BY key_0 LIMIT 20;
