SELECT DISTINCT CAST(CAST(r."day" AS DATE) AS VARCHAR) AS at_day
FROM staging."app_items__rows" r JOIN (SELECT s.* FROM temp."live_side_app_items" s
LEFT JOIN (SELECT DISTINCT n."id" FROM temp."source_side_app_items" n) k ON k."id" = s."id"
WHERE k."id" IS NULL) s ON r."id" = s."id" AND r._deleted_at IS NULL;
