CREATE OR REPLACE TEMP TABLE "landed_app_entries__again_0" AS
SELECT t."id", t."entry_id", t."account_id", t."amount", t."currency", t."memo", t."memo" AS _version, t._scope, b.of_batch AS _batch_id, b.of_seq AS _seq
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", x."_scope", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."entry_id", x."account_id", CASE WHEN (x."_text_amount" IS NOT NULL AND (x."amount" IS NULL OR NOT CAST(x."amount" AS VARCHAR) = x."_text_amount")) THEN NULL ELSE x."amount" END AS "amount", x."_text_amount", x."currency", x."memo"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", s."_scope", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."entry_id", s."account_id", TRY_CAST(s."amount" AS BIGINT) AS "amount", s."amount" AS "_text_amount", s."currency", s."memo"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 0 AS "_seq", "_scope" AS "_scope", "id", "entry_id", "account_id", "amount", "currency", "memo"
    FROM raw."app_entries__landed_again_0" WHERE "_batch_id" = 'reconcile_1'
    ) s
  ) x
) t
JOIN (
  SELECT 'landing/b_2_app.entries.csv' AS of_file, 'b_2_app.entries' AS of_batch, 2 AS of_seq
) b ON b.of_file = CAST(t._file AS VARCHAR)
WHERE EXISTS (SELECT 1 FROM temp."settled_app_entries" d WHERE d._term = 'break' AND d."id" = t."id");
