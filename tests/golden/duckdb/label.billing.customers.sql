CREATE OR REPLACE TEMP TABLE "label_billing_customers" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "customer_id",
  "legal_name",
  "display_name",
  "email",
  "phone",
  "country",
  "currency",
  "tax_exempt",
  "billing_address",
  "vat_number",
  "balance_minor",
  "delinquent",
  "segment",
  "row_version",
  "created_at",
  "updated_at",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "customer_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN LENGTH("customer_id") < 3 OR LENGTH("customer_id") > 64 THEN 8 ELSE 0 END
    + CASE WHEN "legal_name" IS NULL THEN 16 ELSE 0 END
    + CASE WHEN LENGTH("legal_name") < 1 OR LENGTH("legal_name") > 255 THEN 32 ELSE 0 END
    + CASE WHEN NOT regexp_matches("email", '^[^@\s]+@[^@\s]+\.[^@\s]+$') THEN 64 ELSE 0 END
    + CASE WHEN NOT regexp_matches("country", '^[A-Z]{2}$') THEN 128 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 256 ELSE 0 END
    + CASE WHEN ("_text_tax_exempt" IS NOT NULL AND "tax_exempt" IS NULL) THEN 512 ELSE 0 END
    + CASE WHEN LENGTH("vat_number") > 32 THEN 1024 ELSE 0 END
    + CASE WHEN ("_text_balance_minor" IS NOT NULL AND "balance_minor" IS NULL) THEN 2048 ELSE 0 END
    + CASE WHEN "_text_balance_minor" IS NULL THEN 4096 ELSE 0 END
    + CASE WHEN ("_text_delinquent" IS NOT NULL AND "delinquent" IS NULL) THEN 8192 ELSE 0 END
    + CASE WHEN "_text_delinquent" IS NULL THEN 16384 ELSE 0 END
    + CASE WHEN ("_text_row_version" IS NOT NULL AND "row_version" IS NULL) THEN 32768 ELSE 0 END
    + CASE WHEN "_text_row_version" IS NULL THEN 65536 ELSE 0 END
    + CASE WHEN "row_version" < CAST('1' AS BIGINT) THEN 131072 ELSE 0 END
    + CASE WHEN ("_text_created_at" IS NOT NULL AND "created_at" IS NULL) THEN 262144 ELSE 0 END
    + CASE WHEN "_text_created_at" IS NULL THEN 524288 ELSE 0 END
    + CASE WHEN ("_text_updated_at" IS NOT NULL AND "updated_at" IS NULL) THEN 1048576 ELSE 0 END
    + CASE WHEN "_text_updated_at" IS NULL THEN 2097152 ELSE 0 END
    + CASE WHEN "currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK') THEN 4194304 ELSE 0 END
    + CASE WHEN "segment" NOT IN ('self_serve', 'smb', 'mid_market', 'enterprise') THEN 8388608 ELSE 0 END
    + CASE WHEN NOT (updated_at >= created_at
) THEN 16777216 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "_text_tax_exempt", "billing_address", "vat_number", "_text_balance_minor", "_text_delinquent", "segment", "_text_row_version", "_text_created_at", "_text_updated_at") AS UHUGEINT) * 18446744073709551616 + CAST(hash("_text_updated_at", "_text_created_at", "_text_row_version", "segment", "_text_delinquent", "_text_balance_minor", "vat_number", "billing_address", "_text_tax_exempt", "currency", "country", "phone", "email", "display_name", "legal_name", "customer_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  CAST(hash(CASE WHEN t."customer_id" LIKE '%' || ' ' || '%' OR t."customer_id" LIKE '%' || CHR(9) || '%' OR t."customer_id" LIKE '%' || CHR(10) || '%' OR t."customer_id" LIKE '%' || CHR(13) || '%' OR t."customer_id" LIKE '%' || CHR(160) || '%' OR t."customer_id" LIKE '%.0%' OR t."customer_id" LIKE '0%' OR t."customer_id" LIKE '+0%' OR t."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."customer_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_text_balance_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_balance_minor" IS NOT NULL AND (TRY_CAST("_text_balance_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_balance_minor" AS BIGINT) AS VARCHAR) = "_text_balance_minor")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_balance_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_balance_minor" IS NOT NULL AND (TRY_CAST("_text_balance_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_balance_minor" AS BIGINT) AS VARCHAR) = "_text_balance_minor")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_balance_minor" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."customer_id", x."legal_name", x."display_name", x."email", x."phone", x."country", x."currency", CASE WHEN (x."_text_tax_exempt" IS NOT NULL AND x."_text_tax_exempt" NOT IN ('t', 'f', 'true', 'false')) THEN NULL ELSE x."tax_exempt" END AS "tax_exempt", x."_text_tax_exempt", x."billing_address", x."vat_number", CASE WHEN (x."_text_balance_minor" IS NOT NULL AND (x."balance_minor" IS NULL OR NOT CAST(x."balance_minor" AS VARCHAR) = x."_text_balance_minor")) THEN NULL ELSE x."balance_minor" END AS "balance_minor", x."_text_balance_minor", CASE WHEN (x."_text_delinquent" IS NOT NULL AND x."_text_delinquent" NOT IN ('t', 'f', 'true', 'false')) THEN NULL ELSE x."delinquent" END AS "delinquent", x."_text_delinquent", x."segment", CASE WHEN (x."_text_row_version" IS NOT NULL AND (x."row_version" IS NULL OR NOT CAST(x."row_version" AS VARCHAR) = x."_text_row_version")) THEN NULL ELSE x."row_version" END AS "row_version", x."_text_row_version", CASE WHEN (x."_text_created_at" IS NOT NULL AND (x."created_at" IS NULL OR ((x."created_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."created_at" AS VARCHAR) || '+00' = x."_text_created_at") AND NOT regexp_full_match(x."_text_created_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."created_at" END AS "created_at", x."_text_created_at", CASE WHEN (x."_text_updated_at" IS NOT NULL AND (x."updated_at" IS NULL OR ((x."updated_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."updated_at" AS VARCHAR) || '+00' = x."_text_updated_at") AND NOT regexp_full_match(x."_text_updated_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."updated_at" END AS "updated_at", x."_text_updated_at"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."customer_id", s."legal_name", s."display_name", s."email", s."phone", s."country", s."currency", TRY_CAST(s."tax_exempt" AS BOOLEAN) AS "tax_exempt", s."tax_exempt" AS "_text_tax_exempt", s."billing_address", s."vat_number", TRY_CAST(s."balance_minor" AS BIGINT) AS "balance_minor", s."balance_minor" AS "_text_balance_minor", TRY_CAST(s."delinquent" AS BOOLEAN) AS "delinquent", s."delinquent" AS "_text_delinquent", s."segment", TRY_CAST(s."row_version" AS BIGINT) AS "row_version", s."row_version" AS "_text_row_version", TRY_CAST(s."created_at" AS TIMESTAMP) AS "created_at", s."created_at" AS "_text_created_at", TRY_CAST(s."updated_at" AS TIMESTAMP) AS "updated_at", s."updated_at" AS "_text_updated_at"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 2 AS "_seq", "id", "customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "created_at", "updated_at"
    FROM raw."billing_customers" WHERE "_batch_id" = 'b_2_billing.customers'
    ) s
  ) x
) t;
