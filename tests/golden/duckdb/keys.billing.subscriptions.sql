CREATE OR REPLACE TEMP TABLE "keys_billing_subscriptions" AS
SELECT TRY_CAST(k."id" AS BIGINT) AS "id" FROM raw."billing_subscriptions__keys" k WHERE k."_batch_id" = 'b_2_billing.subscriptions';
