SELECT DISTINCT CASE WHEN LENGTH(CAST(r."day" AS VARCHAR)) >= 10 AND SUBSTR(CAST(r."day" AS VARCHAR), 5, 1) = '-' AND CAST(r."day" AS VARCHAR) NOT LIKE '%BC' THEN SUBSTR(CAST(r."day" AS VARCHAR), 1, 10) ELSE CAST(r."day" AS VARCHAR) END AS at_day
FROM staging."app_items__rows" r JOIN (SELECT s.* FROM temp."live_side_app_items" s
LEFT JOIN (SELECT DISTINCT n."id" FROM temp."source_side_app_items" n) k ON k."id" = s."id"
WHERE k."id" IS NULL) s ON r."id" = s."id" AND r._deleted_at IS NULL;
