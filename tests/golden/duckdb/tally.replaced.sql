SELECT 'billing.customers' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."match_billing_customers" m JOIN temp."verdict_billing_customers" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."match_billing_subscriptions" m JOIN temp."verdict_billing_subscriptions" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.invoices' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."match_billing_invoices" m JOIN temp."verdict_billing_invoices" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.payments' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM temp."match_billing_payments" m JOIN temp."verdict_billing_payments" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency;
