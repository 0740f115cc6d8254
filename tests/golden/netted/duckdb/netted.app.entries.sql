CREATE OR REPLACE TEMP TABLE "netted_app_entries" AS
SELECT l."id", COALESCE(v._class, 'inserted') AS _how FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
WHERE l._origin = 0 AND COALESCE(v._class, 'inserted') IN ('inserted', 'updated') AND NOT EXISTS (SELECT 1 FROM raw."app_entries__underway" k WHERE k."_batch_id" = 'b_3_app.entries' AND CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END = l."id")
UNION ALL
SELECT s."id", 'vanished' AS _how FROM temp."vanished_app_entries" g
JOIN staging."app_entries__rows" s ON g."id" = s."id" WHERE NOT EXISTS (SELECT 1 FROM raw."app_entries__underway" k WHERE k."_batch_id" = 'b_3_app.entries' AND CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END = s."id");
