INSERT INTO curated."payment__rows" ("payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at")
SELECT h."payment_id", h."invoice_id", h."customer_id", h."kind", h."status", h."method", h."currency", h."amount_minor", h."fee_minor", h."receipt_email", h."card_last4", h."description", h."received_at", h."posted_on", h."source_row_id", h."created_at", h."updated_at", '1.1.0', 2, TIMESTAMP '2026-11-01 02:00:00.000'
FROM history."payment" h
WHERE h._to_publication = 2 AND h.deleted_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM curated."payment__rows" n WHERE n._publication = 2 AND n."payment_id" = h."payment_id");
