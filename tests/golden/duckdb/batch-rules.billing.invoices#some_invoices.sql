SELECT 'some_invoices' AS rule, (SELECT CAST(x.v AS VARCHAR) FROM (SELECT * FROM (
SELECT COUNT(*) FROM (SELECT l."id", l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."created_at", l."updated_at" FROM temp."label_billing_invoices" l
  LEFT JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid WHERE l._origin = 0) t
) AS q (v)) x) AS observed;
