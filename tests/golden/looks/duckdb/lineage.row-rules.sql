SELECT CAST(l."id" AS VARCHAR) AS source_key, CONCAT(CASE WHEN (l."_mask0" & 1) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 2) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 4) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 8) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 16) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 32) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 64) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END, CASE WHEN (l."_mask0" & 128) <> 0 THEN CAST(1 AS VARCHAR) ELSE CAST(0 AS VARCHAR) END) AS broken FROM (
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "entry_id",
  "account_id",
  "amount",
  "currency",
  "memo",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "entry_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN "account_id" IS NULL THEN 8 ELSE 0 END
    + CASE WHEN ("_text_amount" IS NOT NULL AND "amount" IS NULL) THEN 16 ELSE 0 END
    + CASE WHEN "_text_amount" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "amount" < CAST('0' AS BIGINT) THEN 64 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 128 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "entry_id", "account_id", "_text_amount", "currency", "memo") AS UHUGEINT) * 18446744073709551616 + CAST(hash("memo", "currency", "_text_amount", "account_id", "entry_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  CAST(hash(CASE WHEN t."entry_id" LIKE '%' || ' ' || '%' OR t."entry_id" LIKE '%' || CHR(9) || '%' OR t."entry_id" LIKE '%' || CHR(10) || '%' OR t."entry_id" LIKE '%' || CHR(13) || '%' OR t."entry_id" LIKE '%' || CHR(160) || '%' OR t."entry_id" LIKE '%.0%' OR t."entry_id" LIKE '0%' OR t."entry_id" LIKE '+0%' OR t."entry_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."entry_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."entry_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_amount" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount" IS NOT NULL AND (TRY_CAST("_text_amount" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount" AS BIGINT) AS VARCHAR) = "_text_amount")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."entry_id", x."account_id", CASE WHEN (x."_text_amount" IS NOT NULL AND (x."amount" IS NULL OR NOT CAST(x."amount" AS VARCHAR) = x."_text_amount")) THEN NULL ELSE x."amount" END AS "amount", x."_text_amount", x."currency", x."memo"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."entry_id", s."account_id", TRY_CAST(s."amount" AS BIGINT) AS "amount", s."amount" AS "_text_amount", s."currency", s."memo"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 0 AS "_seq", "id", "entry_id", "account_id", "amount", "currency", "memo"
    FROM (SELECT '' AS "_batch_id", '' AS "_file", _position AS "_position", CAST("id" AS VARCHAR) AS "id", CAST("entry_id" AS VARCHAR) AS "entry_id", CAST("account_id" AS VARCHAR) AS "account_id", CAST("amount" AS VARCHAR) AS "amount", CAST("currency" AS VARCHAR) AS "currency", CAST("memo" AS VARCHAR) AS "memo" FROM staging."app_entries__rows" s WHERE CAST(s."id" AS VARCHAR) IN ('1')) r WHERE "_batch_id" = ''
    ) s
  ) x
) t
) l;
