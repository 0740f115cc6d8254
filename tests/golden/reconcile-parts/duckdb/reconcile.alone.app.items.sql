SELECT CAST(COUNT(*) AS VARCHAR) AS alone FROM temp."live_side_app_items" s
LEFT JOIN (SELECT DISTINCT n."id" FROM temp."source_side_app_items" n) k ON k."id" = s."id"
WHERE k."id" IS NULL;
