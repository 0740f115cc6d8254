INSERT INTO "MADE_PAYMENT" ("PAYMENT_ID", "INVOICE_ID", "CUSTOMER_ID", "KIND", "STATUS", "METHOD", "CURRENCY", "AMOUNT_MINOR", "FEE_MINOR", "RECEIPT_EMAIL", "CARD_LAST4", "DESCRIPTION", "RECEIVED_AT", "POSTED_ON", "SOURCE_ROW_ID", "CREATED_AT", "UPDATED_AT")
SELECT n."PAYMENT_ID", n."INVOICE_ID", n."CUSTOMER_ID", n."KIND", n."STATUS", n."METHOD", n."CURRENCY", n."AMOUNT_MINOR", n."FEE_MINOR", n."RECEIPT_EMAIL", n."CARD_LAST4", n."DESCRIPTION", n."RECEIVED_AT", n."POSTED_ON", n."SOURCE_ROW_ID", n."CREATED_AT", n."UPDATED_AT" FROM (SELECT CAST(m."PAYMENT_ID" AS VARCHAR) AS "PAYMENT_ID", CAST(m."INVOICE_ID" AS VARCHAR) AS "INVOICE_ID", CAST(m."CUSTOMER_ID" AS VARCHAR) AS "CUSTOMER_ID", CAST(m."KIND" AS VARCHAR) AS "KIND", CAST(m."STATUS" AS VARCHAR) AS "STATUS", CAST(m."METHOD" AS VARCHAR) AS "METHOD", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY", CAST(m."AMOUNT_MINOR" AS NUMBER(19, 0)) AS "AMOUNT_MINOR", CAST(m."FEE_MINOR" AS NUMBER(10, 0)) AS "FEE_MINOR", CAST(m."RECEIPT_EMAIL" AS VARCHAR) AS "RECEIPT_EMAIL", CAST(m."CARD_LAST4" AS VARCHAR) AS "CARD_LAST4", CAST(m."DESCRIPTION" AS VARCHAR) AS "DESCRIPTION", CAST(m."RECEIVED_AT" AS TIMESTAMP_NTZ(6)) AS "RECEIVED_AT", CAST(m."POSTED_ON" AS DATE) AS "POSTED_ON", CAST(m."SOURCE_ROW_ID" AS NUMBER(19, 0)) AS "SOURCE_ROW_ID", CAST(m."CREATED_AT" AS TIMESTAMP_NTZ(6)) AS "CREATED_AT", CAST(m."UPDATED_AT" AS TIMESTAMP_NTZ(6)) AS "UPDATED_AT" FROM (
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
WHERE n."PAYMENT_ID" IS NOT NULL;
