CREATE OR REPLACE TEMP TABLE "label_billing_subscriptions" AS
SELECT "_origin",
  "_pool_row",
  "_file",
  "_position",
  "_seq",
  "id",
  "subscription_id",
  "customer_id",
  "plan_id",
  "status",
  "currency",
  "amount_minor",
  "quantity",
  "billing_interval",
  "collection_method",
  "period_start",
  "period_end",
  "trial_end",
  "started_on",
  "canceled_at",
  "created_at",
  "updated_at",
  CAST(CASE WHEN ("_text_id" IS NOT NULL AND "id" IS NULL) THEN 1 ELSE 0 END
    + CASE WHEN "_text_id" IS NULL THEN 2 ELSE 0 END
    + CASE WHEN "subscription_id" IS NULL THEN 4 ELSE 0 END
    + CASE WHEN LENGTH("subscription_id") < 3 OR LENGTH("subscription_id") > 64 THEN 8 ELSE 0 END
    + CASE WHEN "customer_id" IS NULL THEN 16 ELSE 0 END
    + CASE WHEN "plan_id" IS NULL THEN 32 ELSE 0 END
    + CASE WHEN "status" IS NULL THEN 64 ELSE 0 END
    + CASE WHEN "currency" IS NULL THEN 128 ELSE 0 END
    + CASE WHEN ("_text_amount_minor" IS NOT NULL AND "amount_minor" IS NULL) THEN 256 ELSE 0 END
    + CASE WHEN "_text_amount_minor" IS NULL THEN 512 ELSE 0 END
    + CASE WHEN "amount_minor" < CAST('0' AS BIGINT) THEN 1024 ELSE 0 END
    + CASE WHEN ("_text_quantity" IS NOT NULL AND "quantity" IS NULL) THEN 2048 ELSE 0 END
    + CASE WHEN "_text_quantity" IS NULL THEN 4096 ELSE 0 END
    + CASE WHEN "quantity" < CAST('1' AS INTEGER) OR "quantity" > CAST('100000' AS INTEGER) THEN 8192 ELSE 0 END
    + CASE WHEN "billing_interval" IS NULL THEN 16384 ELSE 0 END
    + CASE WHEN ("_text_period_start" IS NOT NULL AND "period_start" IS NULL) THEN 32768 ELSE 0 END
    + CASE WHEN ("_text_period_end" IS NOT NULL AND "period_end" IS NULL) THEN 65536 ELSE 0 END
    + CASE WHEN ("_text_trial_end" IS NOT NULL AND "trial_end" IS NULL) THEN 131072 ELSE 0 END
    + CASE WHEN ("_text_started_on" IS NOT NULL AND "started_on" IS NULL) THEN 262144 ELSE 0 END
    + CASE WHEN "_text_started_on" IS NULL THEN 524288 ELSE 0 END
    + CASE WHEN "started_on" < CAST('2010-01-01' AS DATE) THEN 1048576 ELSE 0 END
    + CASE WHEN ("_text_canceled_at" IS NOT NULL AND "canceled_at" IS NULL) THEN 2097152 ELSE 0 END
    + CASE WHEN ("_text_created_at" IS NOT NULL AND "created_at" IS NULL) THEN 4194304 ELSE 0 END
    + CASE WHEN "_text_created_at" IS NULL THEN 8388608 ELSE 0 END
    + CASE WHEN ("_text_updated_at" IS NOT NULL AND "updated_at" IS NULL) THEN 16777216 ELSE 0 END
    + CASE WHEN "_text_updated_at" IS NULL THEN 33554432 ELSE 0 END
    + CASE WHEN "status" NOT IN ('trialing', 'active', 'past_due', 'paused', 'canceled') THEN 67108864 ELSE 0 END
    + CASE WHEN "currency" NOT IN ('USD', 'EUR', 'GBP', 'JPY', 'KWD', 'CHF', 'SEK') THEN 134217728 ELSE 0 END
    + CASE WHEN "billing_interval" NOT IN ('month', 'quarter', 'year') THEN 268435456 ELSE 0 END
    + CASE WHEN "collection_method" NOT IN ('charge_automatically', 'send_invoice') THEN 536870912 ELSE 0 END
    + CASE WHEN NOT (period_end > period_start
) THEN 1073741824 ELSE 0 END
    + CASE WHEN NOT (status <> 'canceled' or canceled_at is not null
) THEN 2147483648 ELSE 0 END AS BIGINT) AS "_mask0",
  (CAST(hash("_text_id", "subscription_id", "customer_id", "plan_id", "status", "currency", "_text_amount_minor", "_text_quantity", "billing_interval", "collection_method", "_text_period_start", "_text_period_end", "_text_trial_end", "_text_started_on", "_text_canceled_at", "_text_created_at", "_text_updated_at") AS UHUGEINT) * 18446744073709551616 + CAST(hash("_text_updated_at", "_text_created_at", "_text_canceled_at", "_text_started_on", "_text_trial_end", "_text_period_end", "_text_period_start", "collection_method", "billing_interval", "_text_quantity", "_text_amount_minor", "currency", "status", "plan_id", "customer_id", "subscription_id", "_text_id", 'ledgerloop') AS UHUGEINT)) AS "_hash",
  CAST(hash(CASE WHEN t."subscription_id" LIKE '%' || ' ' || '%' OR t."subscription_id" LIKE '%' || CHR(9) || '%' OR t."subscription_id" LIKE '%' || CHR(10) || '%' OR t."subscription_id" LIKE '%' || CHR(13) || '%' OR t."subscription_id" LIKE '%' || CHR(160) || '%' OR t."subscription_id" LIKE '%.0%' OR t."subscription_id" LIKE '0%' OR t."subscription_id" LIKE '+0%' OR t."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(t."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(t."subscription_id")) END) >> 1 AS BIGINT) AS "_form",
  ("_text_amount_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_minor" IS NOT NULL AND (TRY_CAST("_text_amount_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_minor" AS BIGINT) AS VARCHAR) = "_text_amount_minor")), FALSE)) AS "_unreadable",
  CASE WHEN ("_text_amount_minor" IS NULL OR "currency" IS NULL OR NOT COALESCE(NOT ("_text_amount_minor" IS NOT NULL AND (TRY_CAST("_text_amount_minor" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST("_text_amount_minor" AS BIGINT) AS VARCHAR) = "_text_amount_minor")), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST("_text_amount_minor" AS BIGINT), 0) END AS "_minor",
  COALESCE("currency", '-') AS "_currency"
FROM (
  SELECT x."_origin", x."_pool_row", x."_file", x."_position", x."_seq", CASE WHEN (x."_text_id" IS NOT NULL AND (x."id" IS NULL OR NOT CAST(x."id" AS VARCHAR) = x."_text_id")) THEN NULL ELSE x."id" END AS "id", x."_text_id", x."subscription_id", x."customer_id", x."plan_id", x."status", x."currency", CASE WHEN (x."_text_amount_minor" IS NOT NULL AND (x."amount_minor" IS NULL OR NOT CAST(x."amount_minor" AS VARCHAR) = x."_text_amount_minor")) THEN NULL ELSE x."amount_minor" END AS "amount_minor", x."_text_amount_minor", CASE WHEN (x."_text_quantity" IS NOT NULL AND (x."quantity" IS NULL OR NOT CAST(x."quantity" AS VARCHAR) = x."_text_quantity")) THEN NULL ELSE x."quantity" END AS "quantity", x."_text_quantity", x."billing_interval", x."collection_method", CASE WHEN (x."_text_period_start" IS NOT NULL AND (x."period_start" IS NULL OR ((x."period_start" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."period_start" AS VARCHAR) || '+00' = x."_text_period_start") AND NOT regexp_full_match(x."_text_period_start", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."period_start" END AS "period_start", x."_text_period_start", CASE WHEN (x."_text_period_end" IS NOT NULL AND (x."period_end" IS NULL OR ((x."period_end" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."period_end" AS VARCHAR) || '+00' = x."_text_period_end") AND NOT regexp_full_match(x."_text_period_end", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."period_end" END AS "period_end", x."_text_period_end", CASE WHEN (x."_text_trial_end" IS NOT NULL AND (x."trial_end" IS NULL OR ((x."trial_end" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."trial_end" AS VARCHAR) || '+00' = x."_text_trial_end") AND NOT regexp_full_match(x."_text_trial_end", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."trial_end" END AS "trial_end", x."_text_trial_end", CASE WHEN (x."_text_started_on" IS NOT NULL AND (x."started_on" IS NULL OR length(x."_text_started_on") <> 10 OR NOT CAST(x."started_on" AS VARCHAR) = x."_text_started_on")) THEN NULL ELSE x."started_on" END AS "started_on", x."_text_started_on", CASE WHEN (x."_text_canceled_at" IS NOT NULL AND (x."canceled_at" IS NULL OR ((x."canceled_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."canceled_at" AS VARCHAR) || '+00' = x."_text_canceled_at") AND NOT regexp_full_match(x."_text_canceled_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."canceled_at" END AS "canceled_at", x."_text_canceled_at", CASE WHEN (x."_text_created_at" IS NOT NULL AND (x."created_at" IS NULL OR ((x."created_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."created_at" AS VARCHAR) || '+00' = x."_text_created_at") AND NOT regexp_full_match(x."_text_created_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."created_at" END AS "created_at", x."_text_created_at", CASE WHEN (x."_text_updated_at" IS NOT NULL AND (x."updated_at" IS NULL OR ((x."updated_at" NOT BETWEEN TIMESTAMP '0001-01-01 00:00:00' AND TIMESTAMP '9999-12-31 23:59:59.999999' OR NOT CAST(x."updated_at" AS VARCHAR) || '+00' = x."_text_updated_at") AND NOT regexp_full_match(x."_text_updated_at", '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]{1,6})?(Z|[+]00(:00)?)?')))) THEN NULL ELSE x."updated_at" END AS "updated_at", x."_text_updated_at"
  FROM (
    SELECT s."_origin", s."_pool_row", s."_file", s."_position", s."_seq", TRY_CAST(s."id" AS BIGINT) AS "id", s."id" AS "_text_id", s."subscription_id", s."customer_id", s."plan_id", s."status", s."currency", TRY_CAST(s."amount_minor" AS BIGINT) AS "amount_minor", s."amount_minor" AS "_text_amount_minor", TRY_CAST(s."quantity" AS INTEGER) AS "quantity", s."quantity" AS "_text_quantity", s."billing_interval", s."collection_method", TRY_CAST(s."period_start" AS TIMESTAMP) AS "period_start", s."period_start" AS "_text_period_start", TRY_CAST(s."period_end" AS TIMESTAMP) AS "period_end", s."period_end" AS "_text_period_end", TRY_CAST(s."trial_end" AS TIMESTAMP) AS "trial_end", s."trial_end" AS "_text_trial_end", TRY_CAST(s."started_on" AS DATE) AS "started_on", s."started_on" AS "_text_started_on", TRY_CAST(s."canceled_at" AS TIMESTAMP) AS "canceled_at", s."canceled_at" AS "_text_canceled_at", TRY_CAST(s."created_at" AS TIMESTAMP) AS "created_at", s."created_at" AS "_text_created_at", TRY_CAST(s."updated_at" AS TIMESTAMP) AS "updated_at", s."updated_at" AS "_text_updated_at"
    FROM (
    SELECT 0 AS "_origin", CAST(NULL AS VARCHAR) AS "_pool_row", "_file" AS "_file", "_position" AS "_position", 2 AS "_seq", "id", "subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity", "billing_interval", "collection_method", "period_start", "period_end", "trial_end", "started_on", "canceled_at", "created_at", "updated_at"
    FROM raw."billing_subscriptions" WHERE "_batch_id" = 'b_2_billing.subscriptions'
    UNION ALL
    SELECT CASE WHEN q.kind = 'held' THEN 1 ELSE 2 END AS "_origin", q.row_id AS "_pool_row", NULL AS "_file", q.position AS "_position", q.seq AS "_seq", json_extract_string(q.payload, '/id') AS "id", json_extract_string(q.payload, '/subscription_id') AS "subscription_id", json_extract_string(q.payload, '/customer_id') AS "customer_id", json_extract_string(q.payload, '/plan_id') AS "plan_id", json_extract_string(q.payload, '/status') AS "status", json_extract_string(q.payload, '/currency') AS "currency", json_extract_string(q.payload, '/amount_minor') AS "amount_minor", json_extract_string(q.payload, '/quantity') AS "quantity", json_extract_string(q.payload, '/billing_interval') AS "billing_interval", json_extract_string(q.payload, '/collection_method') AS "collection_method", json_extract_string(q.payload, '/period_start') AS "period_start", json_extract_string(q.payload, '/period_end') AS "period_end", json_extract_string(q.payload, '/trial_end') AS "trial_end", json_extract_string(q.payload, '/started_on') AS "started_on", json_extract_string(q.payload, '/canceled_at') AS "canceled_at", json_extract_string(q.payload, '/created_at') AS "created_at", json_extract_string(q.payload, '/updated_at') AS "updated_at"
    FROM ops."open_quarantine" q
    WHERE q.feed = 'billing.subscriptions' AND (q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only))
    ) s
  ) x
) t;
