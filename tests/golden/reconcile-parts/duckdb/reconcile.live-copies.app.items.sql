SELECT CAST(COUNT(*) AS VARCHAR) AS copies FROM (
  SELECT t."id" FROM temp."live_side_app_items" t WHERE t."id" IS NOT NULL GROUP BY t."id" HAVING COUNT(*) > 1
) c;
