SELECT 'billing.customers' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."MATCH_BILLING_CUSTOMERS" m JOIN WORK."VERDICT_BILLING_CUSTOMERS" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."MATCH_BILLING_SUBSCRIPTIONS" m JOIN WORK."VERDICT_BILLING_SUBSCRIPTIONS" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.invoices' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."MATCH_BILLING_INVOICES" m JOIN WORK."VERDICT_BILLING_INVOICES" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency
UNION ALL
SELECT 'billing.payments' AS feed, m._old_currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(m._old_minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM WORK."MATCH_BILLING_PAYMENTS" m JOIN WORK."VERDICT_BILLING_PAYMENTS" v ON v._row = m._row
WHERE v._class = 'updated' AND NOT m._tombstone GROUP BY m._old_currency;
