INSERT INTO curated."invoice__rows" ("invoice_id", "invoice_number", "customer_id", "subscription_id", "status", "billing_reason", "currency", "subtotal_minor", "tax_minor", "amount_due_minor", "amount_paid_minor", "period_start", "period_end", "issued_on", "due_on", "customer_email", "description", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT h."invoice_id", h."invoice_number", h."customer_id", h."subscription_id", h."status", h."billing_reason", h."currency", h."subtotal_minor", h."tax_minor", h."amount_due_minor", h."amount_paid_minor", h."period_start", h."period_end", h."issued_on", h."due_on", h."customer_email", h."description", h."source_row_id", h."created_at", h."updated_at", '1.0.0', 2, TIMESTAMP '2026-11-01 02:00:00.000'
FROM history."invoice" h
WHERE h._to_publication = 2 AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM curated."invoice__rows" n WHERE n._publication = 2 AND n."invoice_id" = h."invoice_id");
