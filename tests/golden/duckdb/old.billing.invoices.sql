CREATE OR REPLACE TEMP TABLE "old_billing_invoices" AS
SELECT s."id", s."invoice_id", s."invoice_number", s."customer_id", s."subscription_id", s."status", s."billing_reason", s."currency", s."subtotal_minor", s."tax_minor", s."amount_due_minor", s."amount_paid_minor", s."period_start", s."period_end", s."issued_on", s."due_on", s."customer_email", s."description", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_invoices__rows" s
  JOIN temp."label_billing_invoices" l ON s."id" = l."id"
  JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid AND v._class = 'updated'
UNION ALL
SELECT s."id", s."invoice_id", s."invoice_number", s."customer_id", s."subscription_id", s."status", s."billing_reason", s."currency", s."subtotal_minor", s."tax_minor", s."amount_due_minor", s."amount_paid_minor", s."period_start", s."period_end", s."issued_on", s."due_on", s."customer_email", s."description", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_invoices__rows" s
  JOIN temp."vanished_billing_invoices" g ON s."id" = g."id";
