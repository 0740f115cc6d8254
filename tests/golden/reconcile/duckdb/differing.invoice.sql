INSERT INTO temp."touched_invoice" ("invoice_id")
SELECT DISTINCT k."invoice_id" FROM (
    SELECT COALESCE(m."invoice_id", c."invoice_id") AS "invoice_id"
    FROM temp."made_invoice" m FULL JOIN (SELECT l."invoice_id", l."invoice_number", l."customer_id", l."subscription_id", l."status", l."billing_reason", l."currency", l."subtotal_minor", l."tax_minor", l."amount_due_minor", l."amount_paid_minor", l."period_start", l."period_end", l."issued_on", l."due_on", l."customer_email", l."description", l."source_row_id", l."created_at", l."updated_at" FROM curated."invoice__rows" l WHERE l.deleted_at IS NULL) c ON m."invoice_id" = c."invoice_id"
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
    SELECT d."invoice_id" FROM temp."made_invoice" d GROUP BY d."invoice_id" HAVING COUNT(*) > 1
) k;
