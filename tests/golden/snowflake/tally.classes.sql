SELECT 'billing.customers' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0))) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)))) AS VARCHAR) AS absolute_minor
FROM WORK."LABEL_BILLING_CUSTOMERS" l
  LEFT JOIN WORK."VERDICT_BILLING_CUSTOMERS" v ON v._row = l._row
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0))) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)))) AS VARCHAR) AS absolute_minor
FROM WORK."LABEL_BILLING_SUBSCRIPTIONS" l
  LEFT JOIN WORK."VERDICT_BILLING_SUBSCRIPTIONS" v ON v._row = l._row
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.invoices' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0))) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)))) AS VARCHAR) AS absolute_minor
FROM WORK."LABEL_BILLING_INVOICES" l
  LEFT JOIN WORK."VERDICT_BILLING_INVOICES" v ON v._row = l._row
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency
UNION ALL
SELECT 'billing.payments' AS feed, l._origin AS origin, COALESCE(v._class, 'inserted') AS class,
  COALESCE(v._seen_again, FALSE) AS seen, COALESCE(v._tombstone, FALSE) AS tombstone, l._currency AS currency,
  CAST(SUM(CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS row_count, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)) * CASE WHEN l._origin = 0 THEN 1 ELSE COALESCE(v._copies, 1) END) AS VARCHAR) AS minor,
  CAST(COUNT(*) AS VARCHAR) AS plain_rows, CAST(SUM(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0))) AS VARCHAR) AS plain_minor, CAST(SUM(ABS(CAST(COALESCE(l._minor, 0) AS NUMBER(38, 0)))) AS VARCHAR) AS absolute_minor
FROM WORK."LABEL_BILLING_PAYMENTS" l
  LEFT JOIN WORK."VERDICT_BILLING_PAYMENTS" v ON v._row = l._row
GROUP BY l._origin, COALESCE(v._class, 'inserted'), COALESCE(v._seen_again, FALSE), COALESCE(v._tombstone, FALSE), l._currency;
