INSERT INTO curated."invoice__rows" ("invoice_id", "invoice_number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor", "period_start", "period_end", "issued_on", "due_on", "customer_email", "description", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT n."invoice_id", n."invoice_number", n."customer_id", n."subscription_id", n."status", n."billing_reason", n."currency", n."subtotal_minor", n."tax_minor", n."amount_due_minor", n."amount_paid_minor", n."period_start", n."period_end", n."issued_on", n."due_on", n."customer_email", n."description", n."source_row_id", n."created_at", n."updated_at", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."invoice_id" AS VARCHAR) AS "invoice_id", CAST(m."invoice_number" AS VARCHAR) AS "invoice_number", CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."subscription_id" AS VARCHAR) AS "subscription_id", CAST(m."status" AS VARCHAR) AS "status", CAST(m."billing_reason" AS VARCHAR) AS "billing_reason", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."subtotal_minor" AS BIGINT) AS "subtotal_minor", CAST(m."tax_minor" AS BIGINT) AS "tax_minor", CAST(m."amount_due_minor" AS BIGINT) AS "amount_due_minor", CAST(m."amount_paid_minor" AS BIGINT) AS "amount_paid_minor", CAST(m."period_start" AS TIMESTAMP) AS "period_start", CAST(m."period_end" AS TIMESTAMP) AS "period_end", CAST(m."issued_on" AS DATE) AS "issued_on", CAST(m."due_on" AS DATE) AS "due_on", CAST(m."customer_email" AS VARCHAR) AS "customer_email", CAST(m."description" AS VARCHAR) AS "description", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
WITH "billing_invoices" AS (SELECT l."id", l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."created_at", l."updated_at" FROM temp."label_billing_invoices" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
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
from "billing_invoices"
) e
) m) n
WHERE n."invoice_id" IS NOT NULL;
