SELECT 'billing.customers' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."VANISHED_BILLING_CUSTOMERS" g GROUP BY g._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."VANISHED_BILLING_SUBSCRIPTIONS" g GROUP BY g._currency
UNION ALL
SELECT 'billing.invoices' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."VANISHED_BILLING_INVOICES" g GROUP BY g._currency
UNION ALL
SELECT 'billing.payments' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."VANISHED_BILLING_PAYMENTS" g GROUP BY g._currency;
