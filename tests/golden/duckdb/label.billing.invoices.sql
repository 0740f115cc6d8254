CREATE OR REPLACE TEMP TABLE "label_billing_invoices" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "invoice_id",
  "invoice_number",
  "customer_id",
  "subscription_id",
  "status",
  "billing_reason",
  "currency",
  "subtotal_minor",
  "tax_minor",
  "amount_due_minor",
  "amount_paid_minor",
  "period_start",
  "period_end",
  "issued_on",
  "due_on",
  "customer_email",
  "description",
  "created_at",
  "updated_at",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "invoice_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN LENGTH("invoice_id") < 3 OR LENGTH("invoice_id") > 64 THEN 8 ELSE 0 END
    + CASE WHEN LENGTH("invoice_number") > 64 THEN 16 ELSE 0 END
    + CASE WHEN "customer_id" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "status" IS NULL THEN 64 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 128 ELSE 0 END
    + CASE WHEN ("_text_subtotal_minor" IS NOT NULL AND "subtotal_minor" IS NULL) THEN 256 ELSE 0 END
    + CASE WHEN "_text_subtotal_minor" IS NULL THEN 512 ELSE 0 END
    + CASE WHEN ("_text_tax_minor" IS NOT NULL AND "tax_minor" IS NULL) THEN 1024 ELSE 0 END
    + CASE WHEN "_text_tax_minor" IS NULL THEN 2048 ELSE 0 END
    + CASE WHEN "tax_minor" < CAST('0' AS BIGINT) THEN 4096 ELSE 0 END
    + CASE WHEN ("_text_amount_due_minor" IS NOT NULL AND "amount_due_minor" IS NULL) THEN 8192 ELSE 0 END
    + CASE WHEN "_text_amount_due_minor" IS NULL THEN 16384 ELSE 0 END
    + CASE WHEN "amount_due_minor" < CAST('0' AS BIGINT) THEN 32768 ELSE 0 END
    + CASE WHEN ("_text_amount_paid_minor" IS NOT NULL AND "amount_paid_minor" IS NULL) THEN 65536 ELSE 0 END
    + CASE WHEN "_text_amount_paid_minor" IS NULL THEN 131072 ELSE 0 END
    + CASE WHEN "amount_paid_minor" < CAST('0' AS BIGINT) THEN 262144 ELSE 0 END
    + CASE WHEN ("_text_period_start" IS NOT NULL AND "period_start" IS NULL) THEN 524288 ELSE 0 END
    + CASE WHEN ("_text_period_end" IS NOT NULL AND "period_end" IS NULL) THEN 1048576 ELSE 0 END
    + CASE WHEN ("_text_issued_on" IS NOT NULL AND "issued_on" IS NULL) THEN 2097152 ELSE 0 END
    + CASE WHEN "_text_issued_on" IS NULL THEN 4194304 ELSE 0 END
    + CASE WHEN "issued_on" < CAST('2010-01-01' AS DATE) THEN 8388608 ELSE 0 END
    + CASE WHEN ("_text_due_on" IS NOT NULL AND "due_on" IS NULL) THEN 16777216 ELSE 0 END
    + CASE WHEN NOT regexp_matches("customer_email", '^[^@\s]+@[^@\s]+\.[^@\s]+$') THEN 33554432 ELSE 0 END
    + CASE WHEN LENGTH("description") > 2000 THEN 67108864 ELSE 0 END
    + CASE WHEN ("_text_created_at" IS NOT NULL AND "created_at" IS NULL) THEN 134217728 ELSE 0 END
    + CASE WHEN "_text_created_at" IS NULL THEN 268435456 ELSE 0 END
    + CASE WHEN ("_text_updated_at" IS NOT NULL AND "updated_at" IS NULL) THEN 536870912 ELSE 0 END
    + CASE WHEN "_text_updated_at" IS NULL THEN 1073741824 ELSE 0 END
    + CASE WHEN "status" NOT IN ('draft', 'open', 'paid', 'uncollectible', 'void') THEN 4294967296 ELSE 0 END
    + CASE WHEN "billing_reason" NOT IN ('subscription_create', 'subscription_cycle', 'subscription_update', 'manual') THEN 8589934592 ELSE 0 END
    + CASE WHEN "currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK') THEN 17179869184 ELSE 0 END
    + CASE WHEN NOT (amount_due_minor = subtotal_minor + tax_minor
) THEN 68719476736 ELSE 0 END
    + CASE WHEN NOT (amount_paid_minor <= amount_due_minor
) THEN 137438953472 ELSE 0 END
    + CASE WHEN NOT (period_end > period_start
) THEN 274877906944 ELSE 0 END
    + CASE WHEN NOT (due_on >= issued_on
) THEN 549755813888 ELSE 0 END
    + CASE WHEN NOT (status <> 'paid' or amount_paid_minor = amount_due_minor
) THEN 1099511627776 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "invoice_id", "invoice_number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "_text_subtotal_minor", "_text_tax_minor", "_text_amount_due_minor", "_text_amount_paid_minor", "_text_period_start", "_text_period_end", "_text_issued_on", "_text_due_on", "customer_email", "description", "_text_created_at", "_text_updated_at") AS UHUGEINT) * 18446744073709551616 + CAST(hash("_text_updated_at", "_text_created_at", "description", "customer_email", "_text_due_on", "_text_issued_on", "_text_period_end", "_text_period_start", "_text_amount_paid_minor", "_text_amount_due_minor", "_text_tax_minor", "_text_subtotal_minor", "currency", "billing_reason", "status", "subscription_id", "customer_id", "invoice_number", "invoice_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  CAST(hash(CASE WHEN t."invoice_id" LIKE '%' || ' ' || '%' OR t."invoice_id" LIKE '%' || CHR(9) || '%' OR t."invoice_id" LIKE '%' || CHR(10) || '%' OR t."invoice_id" LIKE '%' || CHR(13) || '%' OR t."invoice_id" LIKE '%' || CHR(160) || '%' OR t."invoice_id" LIKE '%.0%' OR t."invoice_id" LIKE '0%' OR t."invoice_id" LIKE '+0%' OR t."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."invoice_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_text_amount_due_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_due_minor" IS NOT NULL AND (TRY_CAST("_text_amount_due_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_due_minor" AS BIGINT) AS VARCHAR) = "_text_amount_due_minor")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_amount_due_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_due_minor" IS NOT NULL AND (TRY_CAST("_text_amount_due_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_due_minor" AS BIGINT) AS VARCHAR) = "_text_amount_due_minor")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount_due_minor" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."invoice_id", x."invoice_number", x."customer_id", x."subscription_id", x."status", x."billing_reason", x."currency", CASE WHEN (x."_text_subtotal_minor" IS NOT NULL AND (x."subtotal_minor" IS NULL OR NOT CAST(x."subtotal_minor" AS VARCHAR) = x."_text_subtotal_minor")) THEN NULL ELSE x."subtotal_minor" END AS "subtotal_minor", x."_text_subtotal_minor", CASE WHEN (x."_text_tax_minor" IS NOT NULL AND (x."tax_minor" IS NULL OR NOT CAST(x."tax_minor" AS VARCHAR) = x."_text_tax_minor")) THEN NULL ELSE x."tax_minor" END AS "tax_minor", x."_text_tax_minor", CASE WHEN (x."_text_amount_due_minor" IS NOT NULL AND (x."amount_due_minor" IS NULL OR NOT CAST(x."amount_due_minor" AS VARCHAR) = x."_text_amount_due_minor")) THEN NULL ELSE x."amount_due_minor" END AS "amount_due_minor", x."_text_amount_due_minor", CASE WHEN (x."_text_amount_paid_minor" IS NOT NULL AND (x."amount_paid_minor" IS NULL OR NOT CAST(x."amount_paid_minor" AS VARCHAR) = x."_text_amount_paid_minor")) THEN NULL ELSE x."amount_paid_minor" END AS "amount_paid_minor", x."_text_amount_paid_minor", CASE WHEN (x."_text_period_start" IS NOT NULL AND (x."period_start" IS NULL OR ((x."period_start" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."period_start" AS VARCHAR) || '+00' = x."_text_period_start") AND NOT regexp_full_match(x."_text_period_start", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."period_start" END AS "period_start", x."_text_period_start", CASE WHEN (x."_text_period_end" IS NOT NULL AND (x."period_end" IS NULL OR ((x."period_end" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."period_end" AS VARCHAR) || '+00' = x."_text_period_end") AND NOT regexp_full_match(x."_text_period_end", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."period_end" END AS "period_end", x."_text_period_end", CASE WHEN (x."_text_issued_on" IS NOT NULL AND (x."issued_on" IS NULL OR length(x."_text_issued_on") <> 10 OR NOT CAST(x."issued_on" AS VARCHAR) = x."_text_issued_on")) THEN NULL ELSE x."issued_on" END AS "issued_on", x."_text_issued_on", CASE WHEN (x."_text_due_on" IS NOT NULL AND (x."due_on" IS NULL OR length(x."_text_due_on") <> 10 OR NOT CAST(x."due_on" AS VARCHAR) = x."_text_due_on")) THEN NULL ELSE x."due_on" END AS "due_on", x."_text_due_on", x."customer_email", x."description", CASE WHEN (x."_text_created_at" IS NOT NULL AND (x."created_at" IS NULL OR ((x."created_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."created_at" AS VARCHAR) || '+00' = x."_text_created_at") AND NOT regexp_full_match(x."_text_created_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."created_at" END AS "created_at", x."_text_created_at", CASE WHEN (x."_text_updated_at" IS NOT NULL AND (x."updated_at" IS NULL OR ((x."updated_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."updated_at" AS VARCHAR) || '+00' = x."_text_updated_at") AND NOT regexp_full_match(x."_text_updated_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."updated_at" END AS "updated_at", x."_text_updated_at"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."invoice_id", s."invoice_number", s."customer_id", s."subscription_id", s."status", s."billing_reason", s."currency", TRY_CAST(s."subtotal_minor" AS BIGINT) AS "subtotal_minor", s."subtotal_minor" AS "_text_subtotal_minor", TRY_CAST(s."tax_minor" AS BIGINT) AS "tax_minor", s."tax_minor" AS "_text_tax_minor", TRY_CAST(s."amount_due_minor" AS BIGINT) AS "amount_due_minor", s."amount_due_minor" AS "_text_amount_due_minor", TRY_CAST(s."amount_paid_minor" AS BIGINT) AS "amount_paid_minor", s."amount_paid_minor" AS "_text_amount_paid_minor", TRY_CAST(s."period_start" AS TIMESTAMP) AS "period_start", s."period_start" AS "_text_period_start", TRY_CAST(s."period_end" AS TIMESTAMP) AS "period_end", s."period_end" AS "_text_period_end", TRY_CAST(s."issued_on" AS DATE) AS "issued_on", s."issued_on" AS "_text_issued_on", TRY_CAST(s."due_on" AS DATE) AS "due_on", s."due_on" AS "_text_due_on", s."customer_email", s."description", TRY_CAST(s."created_at" AS TIMESTAMP) AS "created_at", s."created_at" AS "_text_created_at", TRY_CAST(s."updated_at" AS TIMESTAMP) AS "updated_at", s."updated_at" AS "_text_updated_at"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 2 AS "_seq", "id", "invoice_id", "invoice_number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor", "period_start", "period_end", "issued_on", "due_on", "customer_email", "description", "created_at", "updated_at"
    FROM raw."billing_invoices" WHERE "_batch_id" = 'b_2_billing.invoices'
    UNION ALL
    SELECT CASE WHEN q.kind = 'held' THEN 1 ELSE 2 END AS "_origin", q.row_id AS "_pool_row", NULL AS "_file", q.position AS "_position", q.seq AS "_seq", json_extract_string(q.payload, '/id') AS "id", json_extract_string(q.payload, '/invoice_id') AS "invoice_id", json_extract_string(q.payload, '/invoice_number') AS "invoice_number", json_extract_string(q.payload, '/customer_id') AS "customer_id", json_extract_string(q.payload, '/subscription_id') AS "subscription_id", json_extract_string(q.payload, '/status') AS "status", json_extract_string(q.payload, '/billing_reason') AS "billing_reason", json_extract_string(q.payload, '/currency') AS "currency", json_extract_string(q.payload, '/subtotal_minor') AS "subtotal_minor", json_extract_string(q.payload, '/tax_minor') AS "tax_minor", json_extract_string(q.payload, '/amount_due_minor') AS "amount_due_minor", json_extract_string(q.payload, '/amount_paid_minor') AS "amount_paid_minor", json_extract_string(q.payload, '/period_start') AS "period_start", json_extract_string(q.payload, '/period_end') AS "period_end", json_extract_string(q.payload, '/issued_on') AS "issued_on", json_extract_string(q.payload, '/due_on') AS "due_on", json_extract_string(q.payload_pii, '/customer_email') AS "customer_email", json_extract_string(q.payload, '/description') AS "description", json_extract_string(q.payload, '/created_at') AS "created_at", json_extract_string(q.payload, '/updated_at') AS "updated_at"
    FROM ops."open_quarantine" q
    WHERE q.feed = 'billing.invoices' AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
    ) s
  ) x
) t;
