SELECT 'few_failures' AS rule, (SELECT CAST(x.v AS VARCHAR) FROM (SELECT * FROM (
select coalesce(100.0 * sum(case when status = 'failed' then 1 else 0 end) / nullif(count(*), 0), 0) from (SELECT l."ID", l."PAYMENT_ID", l."INVOICE_ID", l."CUSTOMER_ID", l."KIND", l."STATUS", l."METHOD", l."CURRENCY", l."AMOUNT_MINOR", l."FEE_MINOR", l."RECEIPT_EMAIL", l."CARD_LAST4", l."DESCRIPTION", l."RECEIVED_AT", l."POSTED_ON", l."CREATED_AT", l."UPDATED_AT" FROM "LABEL_BILLING_PAYMENTS" l
  LEFT JOIN "VERDICT_BILLING_PAYMENTS" v ON v._row = l._row WHERE l._origin = 0)
) AS q (v)) x) AS observed;
