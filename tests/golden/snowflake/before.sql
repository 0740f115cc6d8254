SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
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
FROM STAGING."BILLING_PAYMENTS__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
) q
UNION ALL
SELECT 'waiting' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, '=' || CAST(q.minor AS VARCHAR) AS c4, '=' || CAST(q.oldest AS VARCHAR) AS c5 FROM (
SELECT q.feed, q.kind, q.currency, CAST(SUM(q.copies) AS VARCHAR) AS row_count, CAST(SUM(q.copies * q.minor) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM OPS."OPEN_QUARANTINE" q WHERE q.run_group = 'billing' GROUP BY q.feed, q.kind, q.currency
) q;
