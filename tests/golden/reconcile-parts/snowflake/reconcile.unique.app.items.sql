SELECT CASE WHEN x.source_rows = n.row_count AND x.live_rows = s.row_count AND a.row_count = 0 THEN 'yes' ELSE 'no' END AS is_unique
FROM (SELECT COUNT(c._source_currency) AS source_rows, COUNT(c._live_currency) AS live_rows FROM "COMPARED_APP_ITEMS" c) x
CROSS JOIN (SELECT COUNT(*) AS row_count FROM "SOURCE_SIDE_APP_ITEMS" t) n
CROSS JOIN (SELECT COUNT(*) AS row_count FROM "LIVE_SIDE_APP_ITEMS" t) s
CROSS JOIN (SELECT COUNT(*) AS row_count FROM (SELECT c."ID" FROM "COMPARED_APP_ITEMS" c WHERE (c._source_currency IS NULL OR c._live_currency IS NULL) AND c."ID" IS NOT NULL GROUP BY c."ID" HAVING COUNT(*) > 1) d) a;
