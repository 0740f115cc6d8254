CREATE OR REPLACE TEMP TABLE "touched_invoice" AS
SELECT DISTINCT k."invoice_id" FROM (
    SELECT l."invoice_id" AS "invoice_id" FROM temp."label_billing_invoices" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."invoice_id" AS "invoice_id" FROM temp."old_billing_invoices" o
) k WHERE k."invoice_id" IS NOT NULL;
