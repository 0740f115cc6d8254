INSERT INTO history."payment" ("payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "source_row_id", "created_at", "updated_at", "_contract_version", "_publication", "deleted_at", _to_publication)
SELECT c."payment_id", c."invoice_id", c."customer_id", c."kind", c."status", c."method", c."currency", c."amount_minor", c."fee_minor", c."receipt_email", c."card_last4", c."description", c."received_at", c."posted_on", c."source_row_id", c."created_at", c."updated_at", c."_contract_version", c."_publication", c."deleted_at", 2
FROM curated."payment__rows" c JOIN temp."touched_payment" t ON c."payment_id" = t."payment_id"
LEFT JOIN curated."payment__rows" n ON n._publication = 2 AND n."payment_id" = c."payment_id"
WHERE c._publication < 2 AND (c.deleted_at IS NULL OR n._publication IS NOT NULL);
