SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
SELECT 'billing.customers' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM staging."billing_customers__rows" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.subscriptions' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM staging."billing_subscriptions__rows" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.invoices' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM staging."billing_invoices__rows" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'billing.payments' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM staging."billing_payments__rows" s WHERE s._deleted_at IS NULL GROUP BY s._currency
UNION ALL
SELECT 'partners.remittances' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS HUGEINT)), 0) AS VARCHAR) AS minor
FROM staging."partners_remittances__rows" s WHERE s._deleted_at IS NULL GROUP BY s._currency
) q
UNION ALL
SELECT 'waiting' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, '=' || CAST(q.minor AS VARCHAR) AS c4, '=' || CAST(q.oldest AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
SELECT q.feed, q.kind, q.currency, CAST(SUM(CAST(q.copies AS HUGEINT)) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.copies * q.minor AS HUGEINT)) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM ops."open_quarantine" q WHERE q.run_group = 'billing' GROUP BY q.feed, q.kind, q.currency
) q
UNION ALL
SELECT 'closed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.event AS VARCHAR) AS c3, '=' || CAST(q.class AS VARCHAR) AS c4, '=' || CAST(q.row_count AS VARCHAR) AS c5, '=' || CAST(q.minor AS VARCHAR) AS c6, '=' || CAST(q.copies AS VARCHAR) AS c7, '=' || CAST(q.copies_minor AS VARCHAR) AS c8 FROM (
SELECT q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '') AS class, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.minor AS HUGEINT)) AS VARCHAR) AS minor,
  CAST(SUM(CAST(q.copies - 1 AS HUGEINT)) AS VARCHAR) AS copies, CAST(SUM(CAST((q.copies - 1) * q.minor AS HUGEINT)) AS VARCHAR) AS copies_minor
FROM ops."quarantine_event" e JOIN ops."quarantine_row" q ON q.row_id = e.row_id
WHERE e.publication_id = 'billing-2' GROUP BY q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '')
) q;
