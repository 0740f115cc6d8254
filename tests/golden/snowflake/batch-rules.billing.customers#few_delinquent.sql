SELECT 'few_delinquent' AS rule, (SELECT CAST(x.v AS VARCHAR) FROM (SELECT * FROM (
select coalesce(100.0 * sum(case when delinquent then 1 else 0 end) / nullif(count(*), 0), 0) from (SELECT l."ID", l."CUSTOMER_ID", l."LEGAL_NAME", l."DISPLAY_NAME", l."EMAIL", l."PHONE", l."COUNTRY", l."CURRENCY", l."TAX_EXEMPT", l."BILLING_ADDRESS", l."VAT_NUMBER", l."BALANCE_MINOR", l."DELINQUENT", l."SEGMENT", l."ROW_VERSION", l."CREATED_AT", l."UPDATED_AT" FROM "LABEL_BILLING_CUSTOMERS" l
  LEFT JOIN "VERDICT_BILLING_CUSTOMERS" v ON v._row = l._row WHERE l._origin = 0)
) AS q (v)) x) AS observed;
