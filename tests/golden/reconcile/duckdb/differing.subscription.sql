INSERT INTO temp."touched_subscription" ("subscription_id")
SELECT DISTINCT k."subscription_id" FROM (
    SELECT COALESCE(m."subscription_id", c."subscription_id") AS "subscription_id"
    FROM temp."made_subscription" m FULL JOIN (SELECT l."subscription_id", l."customer_id", l."plan_id", l."status", l."currency", l."amount_minor", l."quantity", l."billing_interval", l."collection_method", l."period_start", l."period_end", l."trial_end", l."started_on", l."canceled_at", l."source_row_id", l."created_at", l."updated_at" FROM curated."subscription__rows" l WHERE l.deleted_at IS NULL) c ON m."subscription_id" = c."subscription_id"
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
    SELECT d."subscription_id" FROM temp."made_subscription" d GROUP BY d."subscription_id" HAVING COUNT(*) > 1
) k;
