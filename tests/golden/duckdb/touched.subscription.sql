CREATE OR REPLACE TEMP TABLE "touched_subscription" AS
SELECT DISTINCT k."subscription_id" FROM (
    SELECT l."subscription_id" AS "subscription_id" FROM temp."label_billing_subscriptions" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."subscription_id" AS "subscription_id" FROM (SELECT s."id", s."subscription_id", s."customer_id", s."plan_id", s."status", s."currency", s."amount_minor", s."quantity", s."billing_interval", s."collection_method", s."period_start", s."period_end", s."trial_end", s."started_on", s."canceled_at", s."created_at", s."updated_at" FROM temp."label_billing_subscriptions" l
  JOIN temp."verdict_billing_subscriptions" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."billing_subscriptions__rows" s ON l."id" = s."id") o
) k WHERE k."subscription_id" IS NOT NULL;
