CREATE OR REPLACE TEMP TABLE "touched_invoice" AS
SELECT DISTINCT k."invoice_id" FROM (
    SELECT l."invoice_id" AS "invoice_id" FROM temp."label_billing_invoices" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."invoice_id" AS "invoice_id" FROM (SELECT s."id", s."invoice_id", s."invoice_number", s."customer_id", s."subscription_id", s."status", s."billing_reason", s."currency", s."subtotal_minor", s."tax_minor", s."amount_due_minor", s."amount_paid_minor", s."period_start", s."period_end", s."issued_on", s."due_on", s."customer_email", s."description", s."created_at", s."updated_at" FROM temp."label_billing_invoices" l
  JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."billing_invoices__rows" s ON l."id" = s."id"
  UNION ALL
  SELECT s."id", s."invoice_id", s."invoice_number", s."customer_id", s."subscription_id", s."status", s."billing_reason", s."currency", s."subtotal_minor", s."tax_minor", s."amount_due_minor", s."amount_paid_minor", s."period_start", s."period_end", s."issued_on", s."due_on", s."customer_email", s."description", s."created_at", s."updated_at" FROM staging."billing_invoices__rows" s
  JOIN temp."vanished_billing_invoices" g ON s."id" = g."id") o
) k WHERE k."invoice_id" IS NOT NULL;
