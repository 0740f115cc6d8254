INSERT INTO temp."made_payment" ("payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "source_row_id", "created_at", "updated_at")
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
WHERE n."payment_id" IS NOT NULL;
