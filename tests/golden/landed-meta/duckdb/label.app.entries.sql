CREATE OR REPLACE TEMP TABLE "label_app_entries" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "_scope",
  "id",
  "entry_id",
  "account_id",
  "amount",
  "currency",
  "memo",
  CASE WHEN "_fault" IS NOT NULL THEN CAST(512 AS BIGINT) ELSE CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "entry_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN "account_id" IS NULL THEN 8 ELSE 0 END
    + CASE WHEN ("_text_amount" IS NOT NULL AND "amount" IS NULL) THEN 16 ELSE 0 END
    + CASE WHEN "_text_amount" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "amount" < CAST('0' AS BIGINT) THEN 64 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 128 ELSE 0 END AS BIGINT) END AS "_mask0",
  CASE WHEN "_fault" IS NOT NULL THEN (CAST(hash("_text_id", "entry_id", "account_id", "_text_amount", "currency", "memo", "_fault", "_payload") AS UHUGEINT) * 18446744073709551616 + CAST(hash("_payload", "_fault", "memo", "currency", "_text_amount", "account_id", "entry_id", "_text_id", 'ledgerloop') AS UHUGEINT)) ELSE (CAST(hash("_text_id", "entry_id", "account_id", "_text_amount", "currency", "memo") AS UHUGEINT) * 18446744073709551616 + CAST(hash("memo", "currency", "_text_amount", "account_id", "entry_id", "_text_id", 'ledgerloop') AS UHUGEINT)) END AS "_hash",
  CAST(hash(CASE WHEN t."entry_id" LIKE '%' || ' ' || '%' OR t."entry_id" LIKE '%' || CHR(9) || '%' OR t."entry_id" LIKE '%' || CHR(10) || '%' OR t."entry_id" LIKE '%' || CHR(13) || '%' OR t."entry_id" LIKE '%' || CHR(160) || '%' OR t."entry_id" LIKE '%.0%' OR t."entry_id" LIKE '0%' OR t."entry_id" LIKE '+0%' OR t."entry_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."entry_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."entry_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_fault" IS NOT NULL OR (("_unconverted" IS NOT NULL AND POSITION(',"amount"' IN CONCAT(',', SUBSTR("_unconverted", 2))) > 0) OR "_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE))) AS "_unreadable",
  CASE WHEN "_fault" IS NOT NULL THEN NULL ELSE CASE WHEN (("_unconverted" IS NOT NULL AND POSITION(',"amount"' IN CONCAT(',', SUBSTR("_unconverted", 2))) > 0) OR "_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount" AS BIGINT), 0) END END AS "_minor",
  CASE WHEN "_fault" IS NOT NULL THEN '-' ELSE COALESCE("currency", '-') END AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", x."_scope", x."_fault", x."_payload", x."_unconverted", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) OR (x."_unconverted" IS NOT NULL AND POSITION(',"id"' IN CONCAT(',', SUBSTR(x."_unconverted", 2))) > 0) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."entry_id", x."account_id", CASE WHEN (x."_text_amount" IS NOT NULL AND (x."amount" IS NULL OR NOT CAST(x."amount" AS VARCHAR) = x."_text_amount")) OR (x."_unconverted" IS NOT NULL AND POSITION(',"amount"' IN CONCAT(',', SUBSTR(x."_unconverted", 2))) > 0) THEN NULL ELSE x."amount" END AS "amount", x."_text_amount", x."currency", x."memo"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", s."_scope", s."_fault", s."_payload", s."_unconverted", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."entry_id", s."account_id", TRY_CAST(s."amount" AS BIGINT) AS "amount", s."amount" AS "_text_amount", s."currency", s."memo"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 2 AS "_seq", "_scope" AS "_scope", "_fault", "_payload", "_unconverted", "id", "entry_id", "account_id", "amount", "currency", "memo"
    FROM raw."app_entries" WHERE "_batch_id" = 'b_2_app.entries'
    UNION ALL
    SELECT CASE WHEN q.kind = 'held' THEN 1 ELSE 2 END AS "_origin", q.row_id AS "_pool_row", NULL AS "_file", q.position AS "_position", q.seq AS "_seq", q.scope AS "_scope", CAST(NULL AS VARCHAR) AS "_fault", CAST(NULL AS VARCHAR) AS "_payload", CAST(NULL AS VARCHAR) AS "_unconverted", json_extract_string(q.payload, '/id') AS "id", json_extract_string(q.payload, '/entry_id') AS "entry_id", json_extract_string(q.payload, '/account_id') AS "account_id", json_extract_string(q.payload, '/amount') AS "amount", json_extract_string(q.payload, '/currency') AS "currency", json_extract_string(q.payload, '/memo') AS "memo"
    FROM ops."open_quarantine" q
    WHERE q.feed = 'app.entries' AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
    ) s
  ) x
) t;
