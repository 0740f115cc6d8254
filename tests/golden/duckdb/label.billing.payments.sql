CREATE OR REPLACE TEMP TABLE "label_billing_payments" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "payment_id",
  "invoice_id",
  "customer_id",
  "kind",
  "status",
  "method",
  "currency",
  "amount_minor",
  "fee_minor",
  "receipt_email",
  "card_last4",
  "description",
  "received_at",
  "posted_on",
  "created_at",
  "updated_at",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "payment_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN LENGTH("payment_id") < 3 OR LENGTH("payment_id") > 64 THEN 8 ELSE 0 END
    + CASE WHEN "invoice_id" IS NULL THEN 16 ELSE 0 END
    + CASE WHEN "customer_id" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "kind" IS NULL THEN 64 ELSE 0 END
    + CASE WHEN "status" IS NULL THEN 128 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 256 ELSE 0 END
    + CASE WHEN ("_text_amount_minor" IS NOT NULL AND "amount_minor" IS NULL) THEN 512 ELSE 0 END
    + CASE WHEN "_text_amount_minor" IS NULL THEN 1024 ELSE 0 END
    + CASE WHEN ("_text_fee_minor" IS NOT NULL AND "fee_minor" IS NULL) THEN 2048 ELSE 0 END
    + CASE WHEN "fee_minor" < CAST('0' AS INTEGER) THEN 4096 ELSE 0 END
    + CASE WHEN NOT regexp_matches("receipt_email", '^[^@\s]+@[^@\s]+\.[^@\s]+$') THEN 8192 ELSE 0 END
    + CASE WHEN NOT regexp_matches("card_last4", '^[0-9]{4}$') THEN 16384 ELSE 0 END
    + CASE WHEN LENGTH("description") > 2000 THEN 32768 ELSE 0 END
    + CASE WHEN ("_text_received_at" IS NOT NULL AND "received_at" IS NULL) THEN 65536 ELSE 0 END
    + CASE WHEN "_text_received_at" IS NULL THEN 131072 ELSE 0 END
    + CASE WHEN ("_text_posted_on" IS NOT NULL AND "posted_on" IS NULL) THEN 262144 ELSE 0 END
    + CASE WHEN "_text_posted_on" IS NULL THEN 524288 ELSE 0 END
    + CASE WHEN "posted_on" < CAST('2010-01-01' AS DATE) THEN 1048576 ELSE 0 END
    + CASE WHEN ("_text_created_at" IS NOT NULL AND "created_at" IS NULL) THEN 2097152 ELSE 0 END
    + CASE WHEN "_text_created_at" IS NULL THEN 4194304 ELSE 0 END
    + CASE WHEN ("_text_updated_at" IS NOT NULL AND "updated_at" IS NULL) THEN 8388608 ELSE 0 END
    + CASE WHEN "_text_updated_at" IS NULL THEN 16777216 ELSE 0 END
    + CASE WHEN "kind" NOT IN ('payment', 'refund', 'dispute') THEN 33554432 ELSE 0 END
    + CASE WHEN "status" NOT IN ('succeeded', 'pending', 'failed') THEN 67108864 ELSE 0 END
    + CASE WHEN "method" NOT IN ('card', 'bank_transfer', 'direct_debit', 'wallet') THEN 134217728 ELSE 0 END
    + CASE WHEN "currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK') THEN 268435456 ELSE 0 END
    + CASE WHEN NOT ((kind = 'payment' and amount_minor > 0) or (kind in ('refund', 'dispute') and amount_minor < 0)
) THEN 536870912 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "_text_amount_minor", "_text_fee_minor", "receipt_email", "card_last4", "description", "_text_received_at", "_text_posted_on", "_text_created_at", "_text_updated_at") AS UHUGEINT) * 18446744073709551616 + CAST(hash("_text_updated_at", "_text_created_at", "_text_posted_on", "_text_received_at", "description", "card_last4", "receipt_email", "_text_fee_minor", "_text_amount_minor", "currency", "method", "status", "kind", "customer_id", "invoice_id", "payment_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  CAST(hash(CASE WHEN t."payment_id" LIKE '%' || ' ' || '%' OR t."payment_id" LIKE '%' || CHR(9) || '%' OR t."payment_id" LIKE '%' || CHR(10) || '%' OR t."payment_id" LIKE '%' || CHR(13) || '%' OR t."payment_id" LIKE '%' || CHR(160) || '%' OR t."payment_id" LIKE '%.0%' OR t."payment_id" LIKE '0%' OR t."payment_id" LIKE '+0%' OR t."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."payment_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_text_amount_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_minor" IS NOT NULL AND (TRY_CAST("_text_amount_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_minor" AS BIGINT) AS VARCHAR) = "_text_amount_minor")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_amount_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_minor" IS NOT NULL AND (TRY_CAST("_text_amount_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_minor" AS BIGINT) AS VARCHAR) = "_text_amount_minor")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount_minor" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."payment_id", x."invoice_id", x."customer_id", x."kind", x."status", x."method", x."currency", CASE WHEN (x."_text_amount_minor" IS NOT NULL AND (x."amount_minor" IS NULL OR NOT CAST(x."amount_minor" AS VARCHAR) = x."_text_amount_minor")) THEN NULL ELSE x."amount_minor" END AS "amount_minor", x."_text_amount_minor", CASE WHEN (x."_text_fee_minor" IS NOT NULL AND (x."fee_minor" IS NULL OR NOT CAST(x."fee_minor" AS VARCHAR) = x."_text_fee_minor")) THEN NULL ELSE x."fee_minor" END AS "fee_minor", x."_text_fee_minor", x."receipt_email", x."card_last4", x."description", CASE WHEN (x."_text_received_at" IS NOT NULL AND (x."received_at" IS NULL OR ((x."received_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."received_at" AS VARCHAR) || '+00' = x."_text_received_at") AND NOT regexp_full_match(x."_text_received_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."received_at" END AS "received_at", x."_text_received_at", CASE WHEN (x."_text_posted_on" IS NOT NULL AND (x."posted_on" IS NULL OR length(x."_text_posted_on") <> 10 OR NOT CAST(x."posted_on" AS VARCHAR) = x."_text_posted_on")) THEN NULL ELSE x."posted_on" END AS "posted_on", x."_text_posted_on", CASE WHEN (x."_text_created_at" IS NOT NULL AND (x."created_at" IS NULL OR ((x."created_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."created_at" AS VARCHAR) || '+00' = x."_text_created_at") AND NOT regexp_full_match(x."_text_created_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."created_at" END AS "created_at", x."_text_created_at", CASE WHEN (x."_text_updated_at" IS NOT NULL AND (x."updated_at" IS NULL OR ((x."updated_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."updated_at" AS VARCHAR) || '+00' = x."_text_updated_at") AND NOT regexp_full_match(x."_text_updated_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."updated_at" END AS "updated_at", x."_text_updated_at"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."payment_id", s."invoice_id", s."customer_id", s."kind", s."status", s."method", s."currency", TRY_CAST(s."amount_minor" AS BIGINT) AS "amount_minor", s."amount_minor" AS "_text_amount_minor", TRY_CAST(s."fee_minor" AS INTEGER) AS "fee_minor", s."fee_minor" AS "_text_fee_minor", s."receipt_email", s."card_last4", s."description", TRY_CAST(s."received_at" AS TIMESTAMP) AS "received_at", s."received_at" AS "_text_received_at", TRY_CAST(s."posted_on" AS DATE) AS "posted_on", s."posted_on" AS "_text_posted_on", TRY_CAST(s."created_at" AS TIMESTAMP) AS "created_at", s."created_at" AS "_text_created_at", TRY_CAST(s."updated_at" AS TIMESTAMP) AS "updated_at", s."updated_at" AS "_text_updated_at"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 2 AS "_seq", "id", "payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "created_at", "updated_at"
    FROM raw."billing_payments" WHERE "_batch_id" = 'b_2_billing.payments'
    UNION ALL
    SELECT CASE WHEN q.kind = 'held' THEN 1 ELSE 2 END AS "_origin", q.row_id AS "_pool_row", NULL AS "_file", q.position AS "_position", q.seq AS "_seq", json_extract_string(q.payload, '/id') AS "id", json_extract_string(q.payload, '/payment_id') AS "payment_id", json_extract_string(q.payload, '/invoice_id') AS "invoice_id", json_extract_string(q.payload, '/customer_id') AS "customer_id", json_extract_string(q.payload, '/kind') AS "kind", json_extract_string(q.payload, '/status') AS "status", json_extract_string(q.payload, '/method') AS "method", json_extract_string(q.payload, '/currency') AS "currency", json_extract_string(q.payload, '/amount_minor') AS "amount_minor", json_extract_string(q.payload, '/fee_minor') AS "fee_minor", json_extract_string(q.payload_pii, '/receipt_email') AS "receipt_email", json_extract_string(q.payload_pii, '/card_last4') AS "card_last4", json_extract_string(q.payload, '/description') AS "description", json_extract_string(q.payload, '/received_at') AS "received_at", json_extract_string(q.payload, '/posted_on') AS "posted_on", json_extract_string(q.payload, '/created_at') AS "created_at", json_extract_string(q.payload, '/updated_at') AS "updated_at"
    FROM ops."open_quarantine" q
    WHERE q.feed = 'billing.payments' AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
    ) s
  ) x
) t;
