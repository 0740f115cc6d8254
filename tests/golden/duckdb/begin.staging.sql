SELECT 'billing.customers' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."billing_customers__rows"
UNION ALL
SELECT 'billing.subscriptions' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."billing_subscriptions__rows"
UNION ALL
SELECT 'billing.invoices' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."billing_invoices__rows"
UNION ALL
SELECT 'billing.payments' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."billing_payments__rows"
UNION ALL
SELECT 'partners.remittances' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."partners_remittances__rows";
