CREATE OR REPLACE TEMP TABLE "old_billing_payments" AS
SELECT s."id", s."payment_id", s."invoice_id", s."customer_id", s."kind", s."status", s."method", s."currency", s."amount_minor", s."fee_minor", s."receipt_email", s."card_last4", s."description", s."received_at", s."posted_on", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_payments__rows" s
  JOIN temp."label_billing_payments" l ON s."id" = l."id"
  JOIN temp."verdict_billing_payments" v ON v._row = l.rowid AND v._class = 'updated'
UNION ALL
SELECT s."id", s."payment_id", s."invoice_id", s."customer_id", s."kind", s."status", s."method", s."currency", s."amount_minor", s."fee_minor", s."receipt_email", s."card_last4", s."description", s."received_at", s."posted_on", s."created_at", s."updated_at", s._currency, s._minor, s._deleted_at FROM staging."billing_payments__rows" s
  JOIN temp."vanished_billing_payments" g ON s."id" = g."id";
