WITH counted AS (
WITH made AS (
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
WHERE n."invoice_id" IS NOT NULL
)
SELECT CAST(t."invoice_id" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT k."invoice_id" FROM (
    SELECT COALESCE(m."invoice_id", c."invoice_id") AS "invoice_id"
    FROM made m FULL JOIN (SELECT l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."source_row_id", l."created_at", l."updated_at" FROM curated."invoice__rows" l WHERE l.deleted_at IS NULL) c ON m."invoice_id" = c."invoice_id"
    WHERE m."invoice_id" IS NULL
      OR c."invoice_id" IS NULL
      OR m."invoice_number" IS DISTINCT FROM c."invoice_number"
      OR m."customer_id" IS DISTINCT FROM c."customer_id"
      OR m."subscription_id" IS DISTINCT FROM c."subscription_id"
      OR m."status" IS DISTINCT FROM c."status"
      OR m."billing_reason" IS DISTINCT FROM c."billing_reason"
      OR m."currency" IS DISTINCT FROM c."currency"
      OR m."subtotal_minor" IS DISTINCT FROM c."subtotal_minor"
      OR m."tax_minor" IS DISTINCT FROM c."tax_minor"
      OR m."amount_due_minor" IS DISTINCT FROM c."amount_due_minor"
      OR m."amount_paid_minor" IS DISTINCT FROM c."amount_paid_minor"
      OR m."period_start" IS DISTINCT FROM c."period_start"
      OR m."period_end" IS DISTINCT FROM c."period_end"
      OR m."issued_on" IS DISTINCT FROM c."issued_on"
      OR m."due_on" IS DISTINCT FROM c."due_on"
      OR m."customer_email" IS DISTINCT FROM c."customer_email"
      OR m."description" IS DISTINCT FROM c."description"
      OR m."source_row_id" IS DISTINCT FROM c."source_row_id"
      OR m."created_at" IS DISTINCT FROM c."created_at"
      OR m."updated_at" IS DISTINCT FROM c."updated_at"
    UNION ALL
    SELECT d."invoice_id" FROM made d GROUP BY d."invoice_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."invoice_id" FROM (SELECT l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."source_row_id", l."created_at", l."updated_at" FROM curated."invoice__rows" l WHERE l.deleted_at IS NULL) t GROUP BY t."invoice_id" HAVING COUNT(*) > 1
) k
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
