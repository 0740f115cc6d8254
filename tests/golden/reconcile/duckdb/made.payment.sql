CREATE OR REPLACE TEMP TABLE "made_payment" AS
SELECT c."payment_id", c."invoice_id", c."customer_id", c."kind", c."status", c."method", c."currency", c."amount_minor", c."fee_minor", c."receipt_email", c."card_last4", c."description", c."received_at", c."posted_on", c."source_row_id", c."created_at", c."updated_at" FROM curated."payment__rows" c WHERE 1 = 0;
