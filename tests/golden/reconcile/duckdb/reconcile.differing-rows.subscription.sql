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
), differing AS (
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
)
SELECT CAST(f."subscription_id" AS VARCHAR) AS key_0,
  CAST(f."subscription_id" AS VARCHAR) AS key_text,
  CASE WHEN m."subscription_id" IS NOT NULL AND c."subscription_id" IS NOT NULL THEN CONCAT('', CASE WHEN m."subscription_id" IS DISTINCT FROM c."subscription_id" THEN '0,' ELSE '' END, CASE WHEN m."customer_id" IS DISTINCT FROM c."customer_id" THEN '1,' ELSE '' END, CASE WHEN m."plan_id" IS DISTINCT FROM c."plan_id" THEN '2,' ELSE '' END, CASE WHEN m."status" IS DISTINCT FROM c."status" THEN '3,' ELSE '' END, CASE WHEN m."currency" IS DISTINCT FROM c."currency" THEN '4,' ELSE '' END, CASE WHEN m."amount_minor" IS DISTINCT FROM c."amount_minor" THEN '5,' ELSE '' END, CASE WHEN m."quantity" IS DISTINCT FROM c."quantity" THEN '6,' ELSE '' END, CASE WHEN m."billing_interval" IS DISTINCT FROM c."billing_interval" THEN '7,' ELSE '' END, CASE WHEN m."collection_method" IS DISTINCT FROM c."collection_method" THEN '8,' ELSE '' END, CASE WHEN m."period_start" IS DISTINCT FROM c."period_start" THEN '9,' ELSE '' END, CASE WHEN m."period_end" IS DISTINCT FROM c."period_end" THEN '10,' ELSE '' END, CASE WHEN m."trial_end" IS DISTINCT FROM c."trial_end" THEN '11,' ELSE '' END, CASE WHEN m."started_on" IS DISTINCT FROM c."started_on" THEN '12,' ELSE '' END, CASE WHEN m."canceled_at" IS DISTINCT FROM c."canceled_at" THEN '13,' ELSE '' END, CASE WHEN m."source_row_id" IS DISTINCT FROM c."source_row_id" THEN '14,' ELSE '' END, CASE WHEN m."created_at" IS DISTINCT FROM c."created_at" THEN '15,' ELSE '' END, CASE WHEN m."updated_at" IS DISTINCT FROM c."updated_at" THEN '16,' ELSE '' END) END AS differing_columns,
  CASE WHEN m."subscription_id" IS NOT NULL THEN CAST(to_json({'subscription_id': SUBSTR(CAST(m."subscription_id" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(m."customer_id" AS VARCHAR), 1, 200), 'plan_id': SUBSTR(CAST(m."plan_id" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(m."status" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(m."currency" AS VARCHAR), 1, 200), 'amount_minor': SUBSTR(CAST(m."amount_minor" AS VARCHAR), 1, 200), 'quantity': SUBSTR(CAST(m."quantity" AS VARCHAR), 1, 200), 'billing_interval': SUBSTR(CAST(m."billing_interval" AS VARCHAR), 1, 200), 'collection_method': SUBSTR(CAST(m."collection_method" AS VARCHAR), 1, 200), 'period_start': SUBSTR(CAST(m."period_start" AS VARCHAR), 1, 200), 'period_end': SUBSTR(CAST(m."period_end" AS VARCHAR), 1, 200), 'trial_end': SUBSTR(CAST(m."trial_end" AS VARCHAR), 1, 200), 'started_on': SUBSTR(CAST(m."started_on" AS VARCHAR), 1, 200), 'canceled_at': SUBSTR(CAST(m."canceled_at" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(m."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(m."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(m."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN c."subscription_id" IS NOT NULL THEN CAST(to_json({'subscription_id': SUBSTR(CAST(c."subscription_id" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(c."customer_id" AS VARCHAR), 1, 200), 'plan_id': SUBSTR(CAST(c."plan_id" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(c."status" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(c."currency" AS VARCHAR), 1, 200), 'amount_minor': SUBSTR(CAST(c."amount_minor" AS VARCHAR), 1, 200), 'quantity': SUBSTR(CAST(c."quantity" AS VARCHAR), 1, 200), 'billing_interval': SUBSTR(CAST(c."billing_interval" AS VARCHAR), 1, 200), 'collection_method': SUBSTR(CAST(c."collection_method" AS VARCHAR), 1, 200), 'period_start': SUBSTR(CAST(c."period_start" AS VARCHAR), 1, 200), 'period_end': SUBSTR(CAST(c."period_end" AS VARCHAR), 1, 200), 'trial_end': SUBSTR(CAST(c."trial_end" AS VARCHAR), 1, 200), 'started_on': SUBSTR(CAST(c."started_on" AS VARCHAR), 1, 200), 'canceled_at': SUBSTR(CAST(c."canceled_at" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(c."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(c."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(c."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values
FROM (SELECT d.* FROM differing d ORDER BY d."subscription_id" LIMIT 1000) f
LEFT JOIN made m ON m."subscription_id" = f."subscription_id"
LEFT JOIN (SELECT l."subscription_id", l."customer_id", l."plan_id", l."status", l."currency", l."amount_minor", l."quantity", l."billing_interval", l."collection_method", l."period_start", l."period_end", l."trial_end", l."started_on", l."canceled_at", l."source_row_id", l."created_at", l."updated_at" FROM curated."subscription__rows" l WHERE l.deleted_at IS NULL) c ON c."subscription_id" = f."subscription_id"
ORDER BY f."subscription_id";
