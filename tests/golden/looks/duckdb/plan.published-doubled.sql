SELECT CAST(COALESCE(SUM(CAST(g.n AS HUGEINT)), 0) AS VARCHAR) AS broken FROM (
  SELECT COUNT(*) AS n FROM staging."app_entries__rows" s WHERE s._deleted_at IS NULL AND s."id" IS NOT NULL GROUP BY s."id" HAVING COUNT(*) > 1
) g;
