CREATE OR REPLACE TEMP TABLE "keys_billing_payments" AS
SELECT TRY_CAST(k."id" AS BIGINT) AS "id" FROM raw."billing_payments__keys" k WHERE k."_batch_id" = 'b_2_billing.payments';
