CREATE OR REPLACE TEMP TABLE "landed_app_entries__deletes_0" AS
SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id", k._stamp AS _stamp, b.of_seq AS _seq
FROM raw."app_entries__landed_deletes_0" k
JOIN (
  SELECT 'landing/b_3_app.entries-deletes.csv' AS of_file, 'b_3_app.entries' AS of_batch, 3 AS of_seq
) b ON b.of_file = CAST(k._file AS VARCHAR);
