INSERT INTO temp."made_invoice" ("invoice_id", "invoice_number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor", "period_start", "period_end", "issued_on", "due_on", "customer_email", "description", "source_row_id", "created_at", "updated_at")
SELECT n."invoice_id", n."invoice_number", n."customer_id", n."subscription_id", n."status", n."billing_reason", n."currency", n."subtotal_minor", n."tax_minor", n."amount_due_minor", n."amount_paid_minor", n."period_start", n."period_end", n."issued_on", n."due_on", n."customer_email", n."description", n."source_row_id", n."created_at", n."updated_at" FROM (SELECT CAST(m."invoice_id" AS VARCHAR) AS "invoice_id", CAST(m."invoice_number" AS VARCHAR) AS "invoice_number", CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."subscription_id" AS VARCHAR) AS "subscription_id", CAST(m."status" AS VARCHAR) AS "status", CAST(m."billing_reason" AS VARCHAR) AS "billing_reason", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."subtotal_minor" AS BIGINT) AS "subtotal_minor", CAST(m."tax_minor" AS BIGINT) AS "tax_minor", CAST(m."amount_due_minor" AS BIGINT) AS "amount_due_minor", CAST(m."amount_paid_minor" AS BIGINT) AS "amount_paid_minor", CAST(m."period_start" AS TIMESTAMP) AS "period_start", CAST(m."period_end" AS TIMESTAMP) AS "period_end", CAST(m."issued_on" AS DATE) AS "issued_on", CAST(m."due_on" AS DATE) AS "due_on", CAST(m."customer_email" AS VARCHAR) AS "customer_email", CAST(m."description" AS VARCHAR) AS "description", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
select
  invoice_id,
  invoice_number,
  customer_id,
  subscription_id,
  status,
  billing_reason,
  currency,
  subtotal_minor,
  tax_minor,
  amount_due_minor,
  amount_paid_minor,
  period_start,
  period_end,
  issued_on,
  due_on,
  customer_email,
  description,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_invoices
) m) n
WHERE n."invoice_id" IS NOT NULL;
