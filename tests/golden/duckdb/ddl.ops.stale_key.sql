CREATE OR REPLACE VIEW ops."stale_key" AS
SELECT 'billing.customers' AS feed, CAST(s."customer_id" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM staging."billing_customers__rows" s
JOIN ops."open_quarantine" q ON q.feed = 'billing.customers' AND q.source_key = CAST(s."id" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.subscriptions' AS feed, CAST(s."subscription_id" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM staging."billing_subscriptions__rows" s
JOIN ops."open_quarantine" q ON q.feed = 'billing.subscriptions' AND q.source_key = CAST(s."id" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.invoices' AS feed, CAST(s."invoice_id" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM staging."billing_invoices__rows" s
JOIN ops."open_quarantine" q ON q.feed = 'billing.invoices' AND q.source_key = CAST(s."id" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.payments' AS feed, CAST(s."payment_id" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM staging."billing_payments__rows" s
JOIN ops."open_quarantine" q ON q.feed = 'billing.payments' AND q.source_key = CAST(s."id" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'partners.remittances' AS feed, CAST(s."remittance_id" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM staging."partners_remittances__rows" s
JOIN ops."open_quarantine" q ON q.feed = 'partners.remittances' AND q.source_key = CAST(s."remittance_id" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL;
