SELECT 'billing.customers' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."BILLING_CUSTOMERS__ROWS"
UNION ALL
SELECT 'billing.subscriptions' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."BILLING_SUBSCRIPTIONS__ROWS"
UNION ALL
SELECT 'billing.invoices' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."BILLING_INVOICES__ROWS"
UNION ALL
SELECT 'billing.payments' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."BILLING_PAYMENTS__ROWS"
UNION ALL
SELECT 'partners.remittances' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."PARTNERS_REMITTANCES__ROWS";
