WITH counted AS (
WITH made AS (
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
WHERE n."PAYMENT_ID" IS NOT NULL
)
SELECT CAST(t."PAYMENT_ID" AS VARCHAR) AS key_0
FROM (
  SELECT DISTINCT k."PAYMENT_ID" FROM (
    SELECT COALESCE(m."PAYMENT_ID", c."PAYMENT_ID") AS "PAYMENT_ID"
    FROM made m FULL JOIN (SELECT l."PAYMENT_ID", l."INVOICE_ID", l."CUSTOMER_ID", l."KIND", l."STATUS", l."METHOD", l."CURRENCY", l."AMOUNT_MINOR", l."FEE_MINOR", l."RECEIPT_EMAIL", l."CARD_LAST4", l."DESCRIPTION", l."RECEIVED_AT", l."POSTED_ON", l."SOURCE_ROW_ID", l."CREATED_AT", l."UPDATED_AT" FROM CURATED."PAYMENT__ROWS" l WHERE l.deleted_at IS NULL) c ON m."PAYMENT_ID" = c."PAYMENT_ID"
    WHERE m."PAYMENT_ID" IS NULL
      OR c."PAYMENT_ID" IS NULL
      OR m."INVOICE_ID" IS DISTINCT FROM c."INVOICE_ID"
      OR m."CUSTOMER_ID" IS DISTINCT FROM c."CUSTOMER_ID"
      OR m."KIND" IS DISTINCT FROM c."KIND"
      OR m."STATUS" IS DISTINCT FROM c."STATUS"
      OR m."METHOD" IS DISTINCT FROM c."METHOD"
      OR m."CURRENCY" IS DISTINCT FROM c."CURRENCY"
      OR m."AMOUNT_MINOR" IS DISTINCT FROM c."AMOUNT_MINOR"
      OR m."FEE_MINOR" IS DISTINCT FROM c."FEE_MINOR"
      OR m."RECEIPT_EMAIL" IS DISTINCT FROM c."RECEIPT_EMAIL"
      OR m."CARD_LAST4" IS DISTINCT FROM c."CARD_LAST4"
      OR m."DESCRIPTION" IS DISTINCT FROM c."DESCRIPTION"
      OR m."RECEIVED_AT" IS DISTINCT FROM c."RECEIVED_AT"
      OR m."POSTED_ON" IS DISTINCT FROM c."POSTED_ON"
      OR m."SOURCE_ROW_ID" IS DISTINCT FROM c."SOURCE_ROW_ID"
      OR m."CREATED_AT" IS DISTINCT FROM c."CREATED_AT"
      OR m."UPDATED_AT" IS DISTINCT FROM c."UPDATED_AT"
    UNION ALL
    SELECT d."PAYMENT_ID" FROM made d GROUP BY d."PAYMENT_ID" HAVING COUNT(*) > 1
    UNION ALL
    SELECT t."PAYMENT_ID" FROM (SELECT l."PAYMENT_ID", l."INVOICE_ID", l."CUSTOMER_ID", l."KIND", l."STATUS", l."METHOD", l."CURRENCY", l."AMOUNT_MINOR", l."FEE_MINOR", l."RECEIPT_EMAIL", l."CARD_LAST4", l."DESCRIPTION", l."RECEIVED_AT", l."POSTED_ON", l."SOURCE_ROW_ID", l."CREATED_AT", l."UPDATED_AT" FROM CURATED."PAYMENT__ROWS" l WHERE l.deleted_at IS NULL) t GROUP BY t."PAYMENT_ID" HAVING COUNT(*) > 1
) k
) t
)
SELECT f.key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 20;
