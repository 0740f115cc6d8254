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
) q
UNION ALL
SELECT 'respelled' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.spelled AS VARCHAR) AS c1, '=' || CAST(q.other AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
SELECT 'billing.customers' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
  SELECT p.spelled, MIN(p.other) AS other, CAST(COUNT(*) OVER () AS VARCHAR) AS row_count
  FROM (
    SELECT CAST(l."customer_id" AS VARCHAR) AS spelled, CAST(s."customer_id" AS VARCHAR) AS other
    FROM temp."label_billing_customers" l JOIN staging."billing_customers__rows" s ON s._form = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."customer_id" AS VARCHAR) <> CAST(l."customer_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."customer_id" AS VARCHAR) AS spelled, CAST(s."customer_id" AS VARCHAR) AS other
    FROM temp."label_billing_customers" l JOIN staging."billing_customers__rows" s ON s._form IS NULL AND CAST(hash(REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2')) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."customer_id" AS VARCHAR) <> CAST(l."customer_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled ORDER BY p.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.subscriptions' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
  SELECT p.spelled, MIN(p.other) AS other, CAST(COUNT(*) OVER () AS VARCHAR) AS row_count
  FROM (
    SELECT CAST(l."subscription_id" AS VARCHAR) AS spelled, CAST(s."subscription_id" AS VARCHAR) AS other
    FROM temp."label_billing_subscriptions" l JOIN staging."billing_subscriptions__rows" s ON s._form = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."subscription_id" AS VARCHAR) <> CAST(l."subscription_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."subscription_id" AS VARCHAR) AS spelled, CAST(s."subscription_id" AS VARCHAR) AS other
    FROM temp."label_billing_subscriptions" l JOIN staging."billing_subscriptions__rows" s ON s._form IS NULL AND CAST(hash(REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2')) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."subscription_id" AS VARCHAR) <> CAST(l."subscription_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled ORDER BY p.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.invoices' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
  SELECT p.spelled, MIN(p.other) AS other, CAST(COUNT(*) OVER () AS VARCHAR) AS row_count
  FROM (
    SELECT CAST(l."invoice_id" AS VARCHAR) AS spelled, CAST(s."invoice_id" AS VARCHAR) AS other
    FROM temp."label_billing_invoices" l JOIN staging."billing_invoices__rows" s ON s._form = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."invoice_id" AS VARCHAR) <> CAST(l."invoice_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."invoice_id" AS VARCHAR) AS spelled, CAST(s."invoice_id" AS VARCHAR) AS other
    FROM temp."label_billing_invoices" l JOIN staging."billing_invoices__rows" s ON s._form IS NULL AND CAST(hash(REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2')) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."invoice_id" AS VARCHAR) <> CAST(l."invoice_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled ORDER BY p.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.payments' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
  SELECT p.spelled, MIN(p.other) AS other, CAST(COUNT(*) OVER () AS VARCHAR) AS row_count
  FROM (
    SELECT CAST(l."payment_id" AS VARCHAR) AS spelled, CAST(s."payment_id" AS VARCHAR) AS other
    FROM temp."label_billing_payments" l JOIN staging."billing_payments__rows" s ON s._form = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."payment_id" AS VARCHAR) <> CAST(l."payment_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."payment_id" AS VARCHAR) AS spelled, CAST(s."payment_id" AS VARCHAR) AS other
    FROM temp."label_billing_payments" l JOIN staging."billing_payments__rows" s ON s._form IS NULL AND CAST(hash(REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2')) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."payment_id" AS VARCHAR) <> CAST(l."payment_id" AS VARCHAR) THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled ORDER BY p.spelled LIMIT 5
) r
) q;
