CREATE OR REPLACE TEMP TABLE "touched_payment" AS
SELECT DISTINCT k."payment_id" FROM (
    SELECT l."payment_id" AS "payment_id" FROM temp."label_billing_payments" l
    LEFT JOIN temp."verdict_billing_payments" v ON v._row = l.rowid
    WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated')
    UNION ALL SELECT o."payment_id" AS "payment_id" FROM temp."old_billing_payments" o
) k WHERE k."payment_id" IS NOT NULL;
