CREATE OR REPLACE TEMP TABLE "touched_payment" AS
SELECT DISTINCT k."payment_id" FROM (
    SELECT l."payment_id" AS "payment_id" FROM temp."label_billing_payments" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted', 'updated'))
    UNION ALL SELECT o."payment_id" AS "payment_id" FROM (SELECT s."id", s."payment_id", s."invoice_id", s."customer_id", s."kind", s."status", s."method", s."currency", s."amount_minor", s."fee_minor", s."receipt_email", s."card_last4", s."description", s."received_at", s."posted_on", s."created_at", s."updated_at" FROM temp."label_billing_payments" l
  JOIN temp."verdict_billing_payments" v ON v._row = l.rowid AND v._class = 'updated'
JOIN staging."billing_payments__rows" s ON l."id" = s."id"
  UNION ALL
  SELECT s."id", s."payment_id", s."invoice_id", s."customer_id", s."kind", s."status", s."method", s."currency", s."amount_minor", s."fee_minor", s."receipt_email", s."card_last4", s."description", s."received_at", s."posted_on", s."created_at", s."updated_at" FROM staging."billing_payments__rows" s
  JOIN temp."vanished_billing_payments" g ON s."id" = g."id") o
) k WHERE k."payment_id" IS NOT NULL;
