CREATE OR REPLACE TEMP TABLE "touched_invoice" AS
SELECT DISTINCT k."invoice_id" FROM (
    SELECT l."invoice_id" AS "invoice_id" FROM temp."label_billing_invoices" l
    LEFT JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid
    WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated')
    UNION ALL SELECT o."invoice_id" AS "invoice_id" FROM temp."old_billing_invoices" o
) k WHERE k."invoice_id" IS NOT NULL;
