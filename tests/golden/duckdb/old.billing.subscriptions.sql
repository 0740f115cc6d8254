CREATE OR REPLACE TEMP TABLE "old_billing_subscriptions" AS
SELECT s."id", s."subscription_id", s."customer_id", s."plan_id", s."status", s."currency", s."amount_minor", s."quantity", s."billing_interval", s."collection_method", s."period_start", s."period_end", s."trial_end", s."started_on", s."canceled_at", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_subscriptions__rows" s
  JOIN temp."label_billing_subscriptions" l ON s."id" = l."id"
  JOIN temp."verdict_billing_subscriptions" v ON v._row = l.rowid AND v._class = 'updated'
UNION ALL
SELECT s."id", s."subscription_id", s."customer_id", s."plan_id", s."status", s."currency", s."amount_minor", s."quantity", s."billing_interval", s."collection_method", s."period_start", s."period_end", s."trial_end", s."started_on", s."canceled_at", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_subscriptions__rows" s
  JOIN temp."vanished_billing_subscriptions" g ON s."id" = g."id";
