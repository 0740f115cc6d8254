SELECT 'billing.customers' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."vanished_billing_customers" g GROUP BY g._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."vanished_billing_subscriptions" g GROUP BY g._currency
UNION ALL
SELECT 'billing.invoices' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."vanished_billing_invoices" g GROUP BY g._currency
UNION ALL
SELECT 'billing.payments' AS feed, g._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(g._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."vanished_billing_payments" g GROUP BY g._currency;
