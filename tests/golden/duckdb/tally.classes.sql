SELECT 'billing.customers' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT)) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS HUGEINT))) AS VARCHAR) AS absolute_minor
FROM temp."label_billing_customers" l
  LEFT JOIN temp."verdict_billing_customers" v ON v._row = l.rowid
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT)) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS HUGEINT))) AS VARCHAR) AS absolute_minor
FROM temp."label_billing_subscriptions" l
  LEFT JOIN temp."verdict_billing_subscriptions" v ON v._row = l.rowid
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.invoices' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT)) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS HUGEINT))) AS VARCHAR) AS absolute_minor
FROM temp."label_billing_invoices" l
  LEFT JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.payments' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS HUGEINT)) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS HUGEINT))) AS VARCHAR) AS absolute_minor
FROM temp."label_billing_payments" l
  LEFT JOIN temp."verdict_billing_payments" v ON v._row = l.rowid
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency;
