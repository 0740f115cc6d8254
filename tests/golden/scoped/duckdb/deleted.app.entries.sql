CREATE OR REPLACE TEMP TABLE "deleted_app_entries" AS
SELECT k."id"
FROM (
  SELECT d."id", CASE WHEN COUNT(*) = COUNT(d._stamp) THEN MAX(d._stamp) END AS _stamp FROM (
    SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id", k."_stamp" AS _stamp FROM raw."app_entries__deletes" k WHERE k."_batch_id" = 'b_3_app.entries'
  ) d GROUP BY d."id"
) k
WHERE NOT EXISTS (SELECT 1 FROM temp."label_app_entries" r WHERE r._origin = 0 AND r."id" = k."id" AND r."memo" > k._stamp)
  AND NOT EXISTS (SELECT 1 FROM staging."app_entries__rows" r WHERE r._deleted_at IS NULL AND r."id" = k."id" AND (r._seq > 3 OR r."memo" > k._stamp))
  AND NOT EXISTS (SELECT 1 FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.source_key = CAST(k."id" AS VARCHAR) AND (q.seq > 3 OR q.version > k._stamp));
