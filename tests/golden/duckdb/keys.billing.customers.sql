CREATE OR REPLACE TEMP TABLE "keys_billing_customers" AS
SELECT CASE WHEN (k."id" IS NOT NULL AND (TRY_CAST(k."id" AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(k."id" AS BIGINT) AS VARCHAR) = k."id")) THEN NULL ELSE TRY_CAST(k."id" AS BIGINT) END AS "id" FROM raw."billing_customers__keys" k WHERE k."_batch_id" = 'b_2_billing.customers';
