CREATE OR REPLACE TEMP TABLE "touched_customer" AS
SELECT DISTINCT k."customer_id" FROM (
    SELECT l."customer_id" AS "customer_id" FROM temp."label_billing_customers" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."customer_id" AS "customer_id" FROM temp."old_billing_customers" o
) k WHERE k."customer_id" IS NOT NULL;
