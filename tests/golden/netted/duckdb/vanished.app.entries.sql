CREATE OR REPLACE TEMP TABLE "vanished_app_entries" AS
SELECT s."id", s._currency, s._minor
FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp."keys_app_entries" k WHERE k."id" = s."id") AND s._seq <= 3 AND ((s."memo" >= TIMESTAMP '2026-10-03 00:00:00.000' AND s."memo" < TIMESTAMP '2026-10-05 00:00:00.000')) AND NOT (EXISTS (SELECT 1 FROM raw."app_entries__underway" k WHERE k."_batch_id" = 'b_3_app.entries' AND CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END = s."id")) AND NOT EXISTS (SELECT 1 FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.source_key = CAST(s."id" AS VARCHAR) AND q.seq > 3);
