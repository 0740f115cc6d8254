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
), differing AS (
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
)
SELECT CAST(f."invoice_id" AS VARCHAR) AS key_0,
  CAST(f."invoice_id" AS VARCHAR) AS key_text,
  CASE WHEN m."invoice_id" IS NOT NULL AND c."invoice_id" IS NOT NULL THEN CONCAT('', CASE WHEN m."invoice_id" IS DISTINCT FROM c."invoice_id" THEN '0,' ELSE '' END, CASE WHEN m."invoice_number" IS DISTINCT FROM c."invoice_number" THEN '1,' ELSE '' END, CASE WHEN m."customer_id" IS DISTINCT FROM c."customer_id" THEN '2,' ELSE '' END, CASE WHEN m."subscription_id" IS DISTINCT FROM c."subscription_id" THEN '3,' ELSE '' END, CASE WHEN m."status" IS DISTINCT FROM c."status" THEN '4,' ELSE '' END, CASE WHEN m."billing_reason" IS DISTINCT FROM c."billing_reason" THEN '5,' ELSE '' END, CASE WHEN m."currency" IS DISTINCT FROM c."currency" THEN '6,' ELSE '' END, CASE WHEN m."subtotal_minor" IS DISTINCT FROM c."subtotal_minor" THEN '7,' ELSE '' END, CASE WHEN m."tax_minor" IS DISTINCT FROM c."tax_minor" THEN '8,' ELSE '' END, CASE WHEN m."amount_due_minor" IS DISTINCT FROM c."amount_due_minor" THEN '9,' ELSE '' END, CASE WHEN m."amount_paid_minor" IS DISTINCT FROM c."amount_paid_minor" THEN '10,' ELSE '' END, CASE WHEN m."period_start" IS DISTINCT FROM c."period_start" THEN '11,' ELSE '' END, CASE WHEN m."period_end" IS DISTINCT FROM c."period_end" THEN '12,' ELSE '' END, CASE WHEN m."issued_on" IS DISTINCT FROM c."issued_on" THEN '13,' ELSE '' END, CASE WHEN m."due_on" IS DISTINCT FROM c."due_on" THEN '14,' ELSE '' END, CASE WHEN m."customer_email" IS DISTINCT FROM c."customer_email" THEN '15,' ELSE '' END, CASE WHEN m."description" IS DISTINCT FROM c."description" THEN '16,' ELSE '' END, CASE WHEN m."source_row_id" IS DISTINCT FROM c."source_row_id" THEN '17,' ELSE '' END, CASE WHEN m."created_at" IS DISTINCT FROM c."created_at" THEN '18,' ELSE '' END, CASE WHEN m."updated_at" IS DISTINCT FROM c."updated_at" THEN '19,' ELSE '' END) END AS differing_columns,
  CASE WHEN m."invoice_id" IS NOT NULL THEN CAST(to_json({'invoice_id': SUBSTR(CAST(m."invoice_id" AS VARCHAR), 1, 200), 'invoice_number': SUBSTR(CAST(m."invoice_number" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(m."customer_id" AS VARCHAR), 1, 200), 'subscription_id': SUBSTR(CAST(m."subscription_id" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(m."status" AS VARCHAR), 1, 200), 'billing_reason': SUBSTR(CAST(m."billing_reason" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(m."currency" AS VARCHAR), 1, 200), 'subtotal_minor': SUBSTR(CAST(m."subtotal_minor" AS VARCHAR), 1, 200), 'tax_minor': SUBSTR(CAST(m."tax_minor" AS VARCHAR), 1, 200), 'amount_due_minor': SUBSTR(CAST(m."amount_due_minor" AS VARCHAR), 1, 200), 'amount_paid_minor': SUBSTR(CAST(m."amount_paid_minor" AS VARCHAR), 1, 200), 'period_start': SUBSTR(CAST(m."period_start" AS VARCHAR), 1, 200), 'period_end': SUBSTR(CAST(m."period_end" AS VARCHAR), 1, 200), 'issued_on': SUBSTR(CAST(m."issued_on" AS VARCHAR), 1, 200), 'due_on': SUBSTR(CAST(m."due_on" AS VARCHAR), 1, 200), 'customer_email': CASE WHEN CAST(m."customer_email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'description': SUBSTR(CAST(m."description" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(m."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(m."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(m."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN c."invoice_id" IS NOT NULL THEN CAST(to_json({'invoice_id': SUBSTR(CAST(c."invoice_id" AS VARCHAR), 1, 200), 'invoice_number': SUBSTR(CAST(c."invoice_number" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(c."customer_id" AS VARCHAR), 1, 200), 'subscription_id': SUBSTR(CAST(c."subscription_id" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(c."status" AS VARCHAR), 1, 200), 'billing_reason': SUBSTR(CAST(c."billing_reason" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(c."currency" AS VARCHAR), 1, 200), 'subtotal_minor': SUBSTR(CAST(c."subtotal_minor" AS VARCHAR), 1, 200), 'tax_minor': SUBSTR(CAST(c."tax_minor" AS VARCHAR), 1, 200), 'amount_due_minor': SUBSTR(CAST(c."amount_due_minor" AS VARCHAR), 1, 200), 'amount_paid_minor': SUBSTR(CAST(c."amount_paid_minor" AS VARCHAR), 1, 200), 'period_start': SUBSTR(CAST(c."period_start" AS VARCHAR), 1, 200), 'period_end': SUBSTR(CAST(c."period_end" AS VARCHAR), 1, 200), 'issued_on': SUBSTR(CAST(c."issued_on" AS VARCHAR), 1, 200), 'due_on': SUBSTR(CAST(c."due_on" AS VARCHAR), 1, 200), 'customer_email': CASE WHEN CAST(c."customer_email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'description': SUBSTR(CAST(c."description" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(c."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(c."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(c."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values
FROM (SELECT d.* FROM differing d ORDER BY d."invoice_id" LIMIT 1000) f
LEFT JOIN made m ON m."invoice_id" = f."invoice_id"
LEFT JOIN (SELECT l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."source_row_id", l."created_at", l."updated_at" FROM curated."invoice__rows" l WHERE l.deleted_at IS NULL) c ON c."invoice_id" = f."invoice_id"
ORDER BY f."invoice_id";
