CREATE OR REPLACE VIEW OPS."STALE_KEY" AS
SELECT 'billing.customers' AS feed, CAST(s."CUSTOMER_ID" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM STAGING."BILLING_CUSTOMERS__ROWS" s
JOIN OPS."OPEN_QUARANTINE" q ON q.feed = 'billing.customers' AND q.source_key = CAST(s."ID" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.subscriptions' AS feed, CAST(s."SUBSCRIPTION_ID" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM STAGING."BILLING_SUBSCRIPTIONS__ROWS" s
JOIN OPS."OPEN_QUARANTINE" q ON q.feed = 'billing.subscriptions' AND q.source_key = CAST(s."ID" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.invoices' AS feed, CAST(s."INVOICE_ID" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM STAGING."BILLING_INVOICES__ROWS" s
JOIN OPS."OPEN_QUARANTINE" q ON q.feed = 'billing.invoices' AND q.source_key = CAST(s."ID" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'billing.payments' AS feed, CAST(s."PAYMENT_ID" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM STAGING."BILLING_PAYMENTS__ROWS" s
JOIN OPS."OPEN_QUARANTINE" q ON q.feed = 'billing.payments' AND q.source_key = CAST(s."ID" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL
UNION ALL
SELECT 'partners.remittances' AS feed, CAST(s."REMITTANCE_ID" AS VARCHAR) AS business_key, q.source_key, q.kind, q.reasons AS stale_because, q.opened_at AS stale_since
FROM STAGING."PARTNERS_REMITTANCES__ROWS" s
JOIN OPS."OPEN_QUARANTINE" q ON q.feed = 'partners.remittances' AND q.source_key = CAST(s."REMITTANCE_ID" AS VARCHAR) AND q.seq > s._seq
WHERE s._deleted_at IS NULL;
