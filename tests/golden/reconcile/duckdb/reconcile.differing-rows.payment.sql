WITH made AS (
SELECT n."payment_id", n."invoice_id", n."customer_id", n."kind", n."status", n."method", n."currency", n."amount_minor", n."fee_minor", n."receipt_email", n."card_last4", n."description", n."received_at", n."posted_on", n."source_row_id", n."created_at", n."updated_at" FROM (SELECT CAST(m."payment_id" AS VARCHAR) AS "payment_id", CAST(m."invoice_id" AS VARCHAR) AS "invoice_id", CAST(m."customer_id" AS VARCHAR) AS "customer_id", CAST(m."kind" AS VARCHAR) AS "kind", CAST(m."status" AS VARCHAR) AS "status", CAST(m."method" AS VARCHAR) AS "method", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."amount_minor" AS BIGINT) AS "amount_minor", CAST(m."fee_minor" AS INTEGER) AS "fee_minor", CAST(m."receipt_email" AS VARCHAR) AS "receipt_email", CAST(m."card_last4" AS VARCHAR) AS "card_last4", CAST(m."description" AS VARCHAR) AS "description", CAST(m."received_at" AS TIMESTAMP) AS "received_at", CAST(m."posted_on" AS DATE) AS "posted_on", CAST(m."source_row_id" AS BIGINT) AS "source_row_id", CAST(m."created_at" AS TIMESTAMP) AS "created_at", CAST(m."updated_at" AS TIMESTAMP) AS "updated_at" FROM (
select
  payment_id,
  invoice_id,
  customer_id,
  kind,
  status,
  method,
  currency,
  amount_minor,
  fee_minor,
  receipt_email,
  card_last4,
  description,
  received_at,
  posted_on,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_payments
union all
select
  remittance_id as payment_id,
  invoice_id,
  customer_id,
  'remittance' as kind,
  'succeeded' as status,
  null as method,
  currency,
  -- each currency that the contract accepts has two decimals
  cast(amount as numeric(20, 2)) * 100 as amount_minor,
  null as fee_minor,
  null as receipt_email,
  null as card_last4,
  note as description,
  null as received_at,
  paid_on as posted_on,
  null as source_row_id,
  null as created_at,
  null as updated_at
from staging.partners_remittances
) m) n
WHERE n."payment_id" IS NOT NULL
), differing AS (
  SELECT DISTINCT k."payment_id" FROM (
    SELECT COALESCE(m."payment_id", c."payment_id") AS "payment_id"
    FROM made m FULL JOIN (SELECT l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."source_row_id", l."created_at", l."updated_at" FROM curated."payment__rows" l WHERE l.deleted_at IS NULL) c ON m."payment_id" = c."payment_id"
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
    SELECT d."payment_id" FROM made d GROUP BY d."payment_id" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."payment_id" FROM (SELECT l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."source_row_id", l."created_at", l."updated_at" FROM curated."payment__rows" l WHERE l.deleted_at IS NULL) t GROUP BY t."payment_id" HAVING COUNT(*) > 1
) k
)
SELECT CAST(f."payment_id" AS VARCHAR) AS key_0,
  CAST(f."payment_id" AS VARCHAR) AS key_text,
  CASE WHEN m."payment_id" IS NOT NULL AND c."payment_id" IS NOT NULL THEN CONCAT('', CASE WHEN m."payment_id" IS DISTINCT FROM c."payment_id" THEN '0,' ELSE '' END, CASE WHEN m."invoice_id" IS DISTINCT FROM c."invoice_id" THEN '1,' ELSE '' END, CASE WHEN m."customer_id" IS DISTINCT FROM c."customer_id" THEN '2,' ELSE '' END, CASE WHEN m."kind" IS DISTINCT FROM c."kind" THEN '3,' ELSE '' END, CASE WHEN m."status" IS DISTINCT FROM c."status" THEN '4,' ELSE '' END, CASE WHEN m."method" IS DISTINCT FROM c."method" THEN '5,' ELSE '' END, CASE WHEN m."currency" IS DISTINCT FROM c."currency" THEN '6,' ELSE '' END, CASE WHEN m."amount_minor" IS DISTINCT FROM c."amount_minor" THEN '7,' ELSE '' END, CASE WHEN m."fee_minor" IS DISTINCT FROM c."fee_minor" THEN '8,' ELSE '' END, CASE WHEN m."receipt_email" IS DISTINCT FROM c."receipt_email" THEN '9,' ELSE '' END, CASE WHEN m."card_last4" IS DISTINCT FROM c."card_last4" THEN '10,' ELSE '' END, CASE WHEN m."description" IS DISTINCT FROM c."description" THEN '11,' ELSE '' END, CASE WHEN m."received_at" IS DISTINCT FROM c."received_at" THEN '12,' ELSE '' END, CASE WHEN m."posted_on" IS DISTINCT FROM c."posted_on" THEN '13,' ELSE '' END, CASE WHEN m."source_row_id" IS DISTINCT FROM c."source_row_id" THEN '14,' ELSE '' END, CASE WHEN m."created_at" IS DISTINCT FROM c."created_at" THEN '15,' ELSE '' END, CASE WHEN m."updated_at" IS DISTINCT FROM c."updated_at" THEN '16,' ELSE '' END) END AS differing_columns,
  SUBSTR(MD5(CONCAT('', COALESCE(CAST(strlen(CAST(m."payment_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."payment_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."invoice_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."invoice_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."customer_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."customer_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."kind" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."kind" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."status" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."status" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."method" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."method" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."amount_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."amount_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."fee_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."fee_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."receipt_email" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."receipt_email" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."card_last4" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."card_last4" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."description" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."description" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."received_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."received_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."posted_on" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."posted_on" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."source_row_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."source_row_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."created_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."created_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(m."updated_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(m."updated_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."payment_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."payment_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."invoice_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."invoice_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."customer_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."customer_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."kind" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."kind" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."status" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."status" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."method" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."method" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."amount_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."amount_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."fee_minor" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."fee_minor" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."receipt_email" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."receipt_email" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."card_last4" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."card_last4" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."description" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."description" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."received_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."received_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."posted_on" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."posted_on" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."source_row_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."source_row_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."created_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."created_at" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(c."updated_at" AS VARCHAR)) AS VARCHAR) || ':' || CAST(c."updated_at" AS VARCHAR), '-'))), 1, 4) AS print,
  CASE WHEN m."payment_id" IS NOT NULL THEN CAST(to_json({'payment_id': SUBSTR(CAST(m."payment_id" AS VARCHAR), 1, 200), 'invoice_id': SUBSTR(CAST(m."invoice_id" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(m."customer_id" AS VARCHAR), 1, 200), 'kind': SUBSTR(CAST(m."kind" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(m."status" AS VARCHAR), 1, 200), 'method': SUBSTR(CAST(m."method" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(m."currency" AS VARCHAR), 1, 200), 'amount_minor': SUBSTR(CAST(m."amount_minor" AS VARCHAR), 1, 200), 'fee_minor': SUBSTR(CAST(m."fee_minor" AS VARCHAR), 1, 200), 'receipt_email': CASE WHEN CAST(m."receipt_email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'card_last4': CASE WHEN CAST(m."card_last4" AS VARCHAR) IS NOT NULL THEN '•••' END, 'description': SUBSTR(CAST(m."description" AS VARCHAR), 1, 200), 'received_at': SUBSTR(CAST(m."received_at" AS VARCHAR), 1, 200), 'posted_on': SUBSTR(CAST(m."posted_on" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(m."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(m."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(m."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN c."payment_id" IS NOT NULL THEN CAST(to_json({'payment_id': SUBSTR(CAST(c."payment_id" AS VARCHAR), 1, 200), 'invoice_id': SUBSTR(CAST(c."invoice_id" AS VARCHAR), 1, 200), 'customer_id': SUBSTR(CAST(c."customer_id" AS VARCHAR), 1, 200), 'kind': SUBSTR(CAST(c."kind" AS VARCHAR), 1, 200), 'status': SUBSTR(CAST(c."status" AS VARCHAR), 1, 200), 'method': SUBSTR(CAST(c."method" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(c."currency" AS VARCHAR), 1, 200), 'amount_minor': SUBSTR(CAST(c."amount_minor" AS VARCHAR), 1, 200), 'fee_minor': SUBSTR(CAST(c."fee_minor" AS VARCHAR), 1, 200), 'receipt_email': CASE WHEN CAST(c."receipt_email" AS VARCHAR) IS NOT NULL THEN '•••' END, 'card_last4': CASE WHEN CAST(c."card_last4" AS VARCHAR) IS NOT NULL THEN '•••' END, 'description': SUBSTR(CAST(c."description" AS VARCHAR), 1, 200), 'received_at': SUBSTR(CAST(c."received_at" AS VARCHAR), 1, 200), 'posted_on': SUBSTR(CAST(c."posted_on" AS VARCHAR), 1, 200), 'source_row_id': SUBSTR(CAST(c."source_row_id" AS VARCHAR), 1, 200), 'created_at': SUBSTR(CAST(c."created_at" AS VARCHAR), 1, 200), 'updated_at': SUBSTR(CAST(c."updated_at" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values
FROM (SELECT d.* FROM differing d ORDER BY d."payment_id" LIMIT 1000) f
LEFT JOIN made m ON m."payment_id" = f."payment_id"
LEFT JOIN (SELECT l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."source_row_id", l."created_at", l."updated_at" FROM curated."payment__rows" l WHERE l.deleted_at IS NULL) c ON c."payment_id" = f."payment_id"
ORDER BY f."payment_id", print;
