WITH counted AS (
WITH made AS (
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
WHERE n."subscription_id" IS NOT NULL
)
SELECT CAST(t."subscription_id" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT k."subscription_id" FROM (
    SELECT COALESCE(m."subscription_id", c."subscription_id") AS "subscription_id"
    FROM made m FULL JOIN (SELECT l."subscription_id", l."customer_id", l."plan_id", l."status", l."currency", l."amount_minor", l."quantity", l."billing_interval", l."collection_method", l."period_start", l."period_end", l."trial_end", l."started_on", l."canceled_at", l."source_row_id", l."created_at", l."updated_at" FROM curated."subscription__rows" l WHERE l.deleted_at IS NULL) c ON m."subscription_id" = c."subscription_id"
    WHERE m."subscription_id" IS NULL
      OR c."subscription_id" IS NULL
      OR m."customer_id" IS DISTINCT FROM c."customer_id"
      OR m."plan_id" IS DISTINCT FROM c."plan_id"
      OR m."status" IS DISTINCT FROM c."status"
      OR m."currency" IS DISTINCT FROM c."currency"
      OR m."amount_minor" IS DISTINCT FROM c."amount_minor"
      OR m."quantity" IS DISTINCT FROM c."quantity"
      OR m."billing_interval" IS DISTINCT FROM c."billing_interval"
      OR m."collection_method" IS DISTINCT FROM c."collection_method"
      OR m."period_start" IS DISTINCT FROM c."period_start"
      OR m."period_end" IS DISTINCT FROM c."period_end"
      OR m."trial_end" IS DISTINCT FROM c."trial_end"
      OR m."started_on" IS DISTINCT FROM c."started_on"
      OR m."canceled_at" IS DISTINCT FROM c."canceled_at"
      OR m."source_row_id" IS DISTINCT FROM c."source_row_id"
      OR m."created_at" IS DISTINCT FROM c."created_at"
      OR m."updated_at" IS DISTINCT FROM c."updated_at"
    UNION ALL
    SELECT d."subscription_id" FROM made d GROUP BY d."subscription_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."subscription_id" FROM (SELECT l."subscription_id", l."customer_id", l."plan_id", l."status", l."currency", l."amount_minor", l."quantity", l."billing_interval", l."collection_method", l."period_start", l."period_end", l."trial_end", l."started_on", l."canceled_at", l."source_row_id", l."created_at", l."updated_at" FROM curated."subscription__rows" l WHERE l.deleted_at IS NULL) t GROUP BY t."subscription_id" HAVING COUNT(*) > 1
) k
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
