CREATE OR REPLACE TEMP TABLE "label_app_transfers" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "bank",
  "number",
  "amount",
  "currency",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "bank" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN "number" IS NULL THEN 8 ELSE 0 END
    + CASE WHEN ("_text_amount" IS NOT NULL AND "amount" IS NULL) THEN 16 ELSE 0 END
    + CASE WHEN "_text_amount" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "amount" < CAST('0' AS BIGINT) THEN 64 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 128 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "bank", "number", "_text_amount", "currency") AS UHUGEINT) * 18446744073709551616 + CAST(hash("currency", "_text_amount", "number", "bank", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  'bank:' || REPLACE(REPLACE(CAST(t."bank" AS VARCHAR), '\', '\\'), ':', '\:') || ':' || CAST(t."number" AS VARCHAR) AS "payment_id",
  CAST(hash(REPLACE(REPLACE(CASE WHEN t."bank" LIKE '%' || ' ' || '%' OR t."bank" LIKE '%' || CHR(9) || '%' OR t."bank" LIKE '%' || CHR(10) || '%' OR t."bank" LIKE '%' || CHR(13) || '%' OR t."bank" LIKE '%' || CHR(160) || '%' OR t."bank" LIKE '%.0%' OR t."bank" LIKE '0%' OR t."bank" LIKE '+0%' OR t."bank" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."bank"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."bank")) END, '\', '\\'), '|', '\|') || '|' || REPLACE(REPLACE(CASE WHEN t."number" LIKE '%' || ' ' || '%' OR t."number" LIKE '%' || CHR(9) || '%' OR t."number" LIKE '%' || CHR(10) || '%' OR t."number" LIKE '%' || CHR(13) || '%' OR t."number" LIKE '%' || CHR(160) || '%' OR t."number" LIKE '%.0%' OR t."number" LIKE '0%' OR t."number" LIKE '+0%' OR t."number" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."number"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."number")) END, '\', '\\'), '|', '\|')) >> 1 AS BIGINT) AS "_form",
  ("_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."bank", x."number", CASE WHEN (x."_text_amount" IS NOT NULL AND (x."amount" IS NULL OR NOT CAST(x."amount" AS VARCHAR) = x."_text_amount")) THEN NULL ELSE x."amount" END AS "amount", x."_text_amount", x."currency"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."bank", s."number", TRY_CAST(s."amount" AS BIGINT) AS "amount", s."amount" AS "_text_amount", s."currency"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 3 AS "_seq", "id", "bank", "number", "amount", "currency"
    FROM raw."app_transfers" WHERE "_batch_id" = 'b_3_app.transfers'
    ) s
  ) x
) t;
