CREATE OR REPLACE TEMP TABLE "touched_subscription" AS
SELECT DISTINCT k."subscription_id" FROM (
    SELECT l."subscription_id" AS "subscription_id" FROM temp."label_billing_subscriptions" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."subscription_id" AS "subscription_id" FROM temp."old_billing_subscriptions" o
) k WHERE k."subscription_id" IS NOT NULL;
