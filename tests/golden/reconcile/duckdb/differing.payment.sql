INSERT INTO temp."touched_payment" ("payment_id")
SELECT DISTINCT k."payment_id" FROM (
    SELECT COALESCE(m."payment_id", c."payment_id") AS "payment_id"
    FROM temp."made_payment" m FULL JOIN (SELECT l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."source_row_id", l."created_at", l."updated_at" FROM curated."payment__rows" l WHERE l.deleted_at IS NULL) c ON m."payment_id" = c."payment_id"
    WHERE m."payment_id" IS NULL
      OR c."payment_id" IS NULL
      OR m."invoice_id" IS DISTINCT FROM c."invoice_id"
      OR m."customer_id" IS DISTINCT FROM c."customer_id"
      OR m."kind" IS DISTINCT FROM c."kind"
      OR m."status" IS DISTINCT FROM c."status"
      OR m."method" IS DISTINCT FROM c."method"
      OR m."currency" IS DISTINCT FROM c."currency"
      OR m."amount_minor" IS DISTINCT FROM c."amount_minor"
      OR m."fee_minor" IS DISTINCT FROM c."fee_minor"
      OR m."receipt_email" IS DISTINCT FROM c."receipt_email"
      OR m."card_last4" IS DISTINCT FROM c."card_last4"
      OR m."description" IS DISTINCT FROM c."description"
      OR m."received_at" IS DISTINCT FROM c."received_at"
      OR m."posted_on" IS DISTINCT FROM c."posted_on"
      OR m."source_row_id" IS DISTINCT FROM c."source_row_id"
      OR m."created_at" IS DISTINCT FROM c."created_at"
      OR m."updated_at" IS DISTINCT FROM c."updated_at"
    UNION ALL
    SELECT d."payment_id" FROM temp."made_payment" d GROUP BY d."payment_id" HAVING COUNT(*) > 1
) k;
