SELECT 'billing.customers' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."BILLING_CUSTOMERS__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."BILLING_SUBSCRIPTIONS__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.invoices' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."BILLING_INVOICES__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.payments' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."BILLING_PAYMENTS__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency;
