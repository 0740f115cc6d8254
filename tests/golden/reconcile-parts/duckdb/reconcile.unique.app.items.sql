SELECT CASE WHEN x.source_rows = n.row_count AND x.live_rows = s.row_count AND a.row_count = 0 THEN 'yes' ELSE 'no' END AS is_unique
FROM (SELECT COUNT(c._source_currency) AS source_rows, COUNT(c._live_currency) AS live_rows FROM temp."compared_app_items" c) x
CROSS JOIN (SELECT COUNT(*) AS row_count FROM temp."source_side_app_items" t) n
CROSS JOIN (SELECT COUNT(*) AS row_count FROM temp."live_side_app_items" t) s
CROSS JOIN (SELECT COUNT(*) AS row_count FROM (SELECT c."id" FROM temp."compared_app_items" c WHERE (c._source_currency IS NULL OR c._live_currency IS NULL) AND c."id" IS NOT NULL GROUP BY c."id" HAVING COUNT(*) > 1) d) a;
