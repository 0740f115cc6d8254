SELECT 'billing.subscriptions' AS feed, 'customer_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM temp."label_billing_subscriptions" l
JOIN (
  SELECT DISTINCT p."customer_id" FROM staging."billing_customers__rows" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staging."billing_customers__rows" a WHERE a._deleted_at IS NULL AND a."customer_id" = p."customer_id")
) p ON p."customer_id" = l."customer_id"
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted', 'updated'))
UNION ALL
SELECT 'billing.invoices' AS feed, 'customer_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM temp."label_billing_invoices" l
JOIN (
  SELECT DISTINCT p."customer_id" FROM staging."billing_customers__rows" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staging."billing_customers__rows" a WHERE a._deleted_at IS NULL AND a."customer_id" = p."customer_id")
) p ON p."customer_id" = l."customer_id"
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))
UNION ALL
SELECT 'billing.invoices' AS feed, 'subscription_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM temp."label_billing_invoices" l
JOIN (
  SELECT DISTINCT p."subscription_id" FROM staging."billing_subscriptions__rows" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staging."billing_subscriptions__rows" a WHERE a._deleted_at IS NULL AND a."subscription_id" = p."subscription_id")
) p ON p."subscription_id" = l."subscription_id"
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted', 'updated'))
UNION ALL
SELECT 'billing.payments' AS feed, 'invoice_id.foreign_key' AS rule, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM temp."label_billing_payments" l
JOIN (
  SELECT DISTINCT p."invoice_id" FROM staging."billing_invoices__rows" p WHERE p._deleted_at IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM staging."billing_invoices__rows" a WHERE a._deleted_at IS NULL AND a."invoice_id" = p."invoice_id")
) p ON p."invoice_id" = l."invoice_id"
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted', 'updated'));
