CREATE OR REPLACE TEMP TABLE "landed_app_entries__rows_0" AS
SELECT t."id",
  (CAST(hash("_text_id", "entry_id", "account_id", "_text_amount", "currency", "memo") AS UHUGEINT) * 18446744073709551616 + CAST(hash("memo", "currency", "_text_amount", "account_id", "entry_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS _hash,
  MD5(CONCAT('LLH2|app.entries.v1.0.0|', COALESCE(CAST(t."id" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(t."entry_id") AS VARCHAR), ''), ':', COALESCE(t."entry_id", ''), '|', COALESCE(CAST(strlen(t."account_id") AS VARCHAR), ''), ':', COALESCE(t."account_id", ''), '|', COALESCE(CAST(t."amount" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(t."currency") AS VARCHAR), ''), ':', COALESCE(t."currency", ''), '|', COALESCE(CAST(strlen(t."memo") AS VARCHAR), ''), ':', COALESCE(t."memo", ''))) AS _content,
  ("_text_id" IS NOT NULL AND "id" IS NULL) OR ("_text_amount" IS NOT NULL AND "amount" IS NULL) AS _misread,
  t."memo" AS _version,
  COALESCE(CASE WHEN ("_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount" AS BIGINT), 0) END, 0) AS _minor,
  COALESCE("currency", '-') AS _currency,
  b.of_batch AS _batch_id,
  b.of_seq AS _seq
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", x."_scope", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."entry_id", x."account_id", CASE WHEN (x."_text_amount" IS NOT NULL AND (x."amount" IS NULL OR NOT CAST(x."amount" AS VARCHAR) = x."_text_amount")) THEN NULL ELSE x."amount" END AS "amount", x."_text_amount", x."currency", x."memo"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", s."_scope", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."entry_id", s."account_id", TRY_CAST(s."amount" AS BIGINT) AS "amount", s."amount" AS "_text_amount", s."currency", s."memo"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 0 AS "_seq", "_scope" AS "_scope", "id", "entry_id", "account_id", "amount", "currency", "memo"
    FROM raw."app_entries__landed_rows_0" WHERE "_batch_id" = 'reconcile_1'
    ) s
  ) x
) t
JOIN (
  SELECT 'landing/b_2_app.entries.csv' AS of_file, 'b_2_app.entries' AS of_batch, 2 AS of_seq UNION ALL
  SELECT 'landing/b_3_app.entries.csv' AS of_file, 'b_3_app.entries' AS of_batch, 3 AS of_seq
) b ON b.of_file = CAST(t._file AS VARCHAR);
