CREATE OR REPLACE TEMP TABLE "made_subscription" AS
SELECT c."subscription_id", c."customer_id", c."plan_id", c."status", c."currency", c."amount_minor", c."quantity", c."billing_interval", c."collection_method", c."period_start", c."period_end", c."trial_end", c."started_on", c."canceled_at", c."source_row_id", c."created_at", c."updated_at" FROM curated."subscription__rows" c WHERE 1 = 0;
