INSERT INTO temp."made_subscription" ("subscription_id", "customer_id", "plan_id", "status", "currency", "amount_minor", "quantity", "billing_interval", "collection_method", "period_start", "period_end", "trial_end", "started_on", "canceled_at", "source_row_id", "created_at", "updated_at")
SELECT n."subscription_id", n."customer_id", n."plan_id", n."status", n."currency", n."amount_minor", n."quantity", n."billing_interval", n."collection_method", n."period_start", n."period_end", n."trial_end", n."started_on", n."canceled_at", n."source_row_id", n."created_at", n."updated_at" FROM (SELECT CAST(m."subscription_id" AS VARCHAR) AS "subscription_id", CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."plan_id" AS VARCHAR) AS "plan_id", CAST(m."status" AS VARCHAR) AS "status", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."amount_minor" AS BIGINT) AS "amount_minor", CAST(m."quantity" AS INTEGER) AS "quantity", CAST(m."billing_interval" AS VARCHAR) AS "billing_interval", CAST(m."collection_method" AS VARCHAR) AS "collection_method", CAST(m."period_start" AS TIMESTAMP) AS "period_start", CAST(m."period_end" AS TIMESTAMP) AS "period_end", CAST(m."trial_end" AS TIMESTAMP) AS "trial_end", CAST(m."started_on" AS DATE) AS "started_on", CAST(m."canceled_at" AS TIMESTAMP) AS "canceled_at", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
select
  subscription_id,
  customer_id,
  plan_id,
  status,
  currency,
  amount_minor,
  quantity,
  billing_interval,
  collection_method,
  period_start,
  period_end,
  trial_end,
  started_on,
  canceled_at,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_subscriptions
) m) n
WHERE n."subscription_id" IS NOT NULL;
