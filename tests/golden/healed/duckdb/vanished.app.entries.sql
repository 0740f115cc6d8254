CREATE OR REPLACE TEMP TABLE "vanished_app_entries" AS
SELECT s."id", s._currency, s._minor
FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp."keys_app_entries" k WHERE k."id" = s."id") AND s._seq <= 5 AND EXISTS (SELECT 1 FROM (SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id" FROM raw."app_entries__only" k WHERE k."_batch_id" = 'b_5_app.entries') a WHERE a."id" = s."id");
