CREATE OR REPLACE TEMP TABLE "touched_payment" AS
SELECT DISTINCT k."payment_id" FROM (
    SELECT l."payment_id" AS "payment_id" FROM temp."label_billing_payments" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."payment_id" AS "payment_id" FROM temp."old_billing_payments" o
) k WHERE k."payment_id" IS NOT NULL;
