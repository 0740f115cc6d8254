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
WITH counted AS (
SELECT p.spelled, MIN(p.other) AS other
  FROM (
    SELECT CAST(l."customer_id" AS VARCHAR) AS spelled, CAST(s."customer_id" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM staging."billing_customers__rows" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM temp."label_billing_customers" d WHERE d.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN temp."label_billing_customers" l ON l._form = f._form JOIN staging."billing_customers__rows" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."customer_id" AS VARCHAR) <> CAST(l."customer_id" AS VARCHAR) THEN CASE WHEN s."customer_id" LIKE '%' || ' ' || '%' OR s."customer_id" LIKE '%' || CHR(9) || '%' OR s."customer_id" LIKE '%' || CHR(10) || '%' OR s."customer_id" LIKE '%' || CHR(13) || '%' OR s."customer_id" LIKE '%' || CHR(160) || '%' OR s."customer_id" LIKE '%.0%' OR s."customer_id" LIKE '0%' OR s."customer_id" LIKE '+0%' OR s."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."customer_id")) END = CASE WHEN l."customer_id" LIKE '%' || ' ' || '%' OR l."customer_id" LIKE '%' || CHR(9) || '%' OR l."customer_id" LIKE '%' || CHR(10) || '%' OR l."customer_id" LIKE '%' || CHR(13) || '%' OR l."customer_id" LIKE '%' || CHR(160) || '%' OR l."customer_id" LIKE '%.0%' OR l."customer_id" LIKE '0%' OR l."customer_id" LIKE '+0%' OR l."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."customer_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."customer_id" AS VARCHAR) AS spelled, CAST(s."customer_id" AS VARCHAR) AS other
    FROM temp."label_billing_customers" l JOIN staging."billing_customers__rows" s ON s._form IS NULL AND CAST(hash(CASE WHEN s."customer_id" LIKE '%' || ' ' || '%' OR s."customer_id" LIKE '%' || CHR(9) || '%' OR s."customer_id" LIKE '%' || CHR(10) || '%' OR s."customer_id" LIKE '%' || CHR(13) || '%' OR s."customer_id" LIKE '%' || CHR(160) || '%' OR s."customer_id" LIKE '%.0%' OR s."customer_id" LIKE '0%' OR s."customer_id" LIKE '+0%' OR s."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."customer_id")) END) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."customer_id" AS VARCHAR) <> CAST(l."customer_id" AS VARCHAR) THEN CASE WHEN s."customer_id" LIKE '%' || ' ' || '%' OR s."customer_id" LIKE '%' || CHR(9) || '%' OR s."customer_id" LIKE '%' || CHR(10) || '%' OR s."customer_id" LIKE '%' || CHR(13) || '%' OR s."customer_id" LIKE '%' || CHR(160) || '%' OR s."customer_id" LIKE '%.0%' OR s."customer_id" LIKE '0%' OR s."customer_id" LIKE '+0%' OR s."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."customer_id")) END = CASE WHEN l."customer_id" LIKE '%' || ' ' || '%' OR l."customer_id" LIKE '%' || CHR(9) || '%' OR l."customer_id" LIKE '%' || CHR(10) || '%' OR l."customer_id" LIKE '%' || CHR(13) || '%' OR l."customer_id" LIKE '%' || CHR(160) || '%' OR l."customer_id" LIKE '%.0%' OR l."customer_id" LIKE '0%' OR l."customer_id" LIKE '+0%' OR l."customer_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."customer_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."customer_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_customers" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled
)
SELECT f.spelled, f.other, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.subscriptions' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
WITH counted AS (
SELECT p.spelled, MIN(p.other) AS other
  FROM (
    SELECT CAST(l."subscription_id" AS VARCHAR) AS spelled, CAST(s."subscription_id" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM staging."billing_subscriptions__rows" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM temp."label_billing_subscriptions" d WHERE d.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN temp."label_billing_subscriptions" l ON l._form = f._form JOIN staging."billing_subscriptions__rows" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."subscription_id" AS VARCHAR) <> CAST(l."subscription_id" AS VARCHAR) THEN CASE WHEN s."subscription_id" LIKE '%' || ' ' || '%' OR s."subscription_id" LIKE '%' || CHR(9) || '%' OR s."subscription_id" LIKE '%' || CHR(10) || '%' OR s."subscription_id" LIKE '%' || CHR(13) || '%' OR s."subscription_id" LIKE '%' || CHR(160) || '%' OR s."subscription_id" LIKE '%.0%' OR s."subscription_id" LIKE '0%' OR s."subscription_id" LIKE '+0%' OR s."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."subscription_id")) END = CASE WHEN l."subscription_id" LIKE '%' || ' ' || '%' OR l."subscription_id" LIKE '%' || CHR(9) || '%' OR l."subscription_id" LIKE '%' || CHR(10) || '%' OR l."subscription_id" LIKE '%' || CHR(13) || '%' OR l."subscription_id" LIKE '%' || CHR(160) || '%' OR l."subscription_id" LIKE '%.0%' OR l."subscription_id" LIKE '0%' OR l."subscription_id" LIKE '+0%' OR l."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."subscription_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."subscription_id" AS VARCHAR) AS spelled, CAST(s."subscription_id" AS VARCHAR) AS other
    FROM temp."label_billing_subscriptions" l JOIN staging."billing_subscriptions__rows" s ON s._form IS NULL AND CAST(hash(CASE WHEN s."subscription_id" LIKE '%' || ' ' || '%' OR s."subscription_id" LIKE '%' || CHR(9) || '%' OR s."subscription_id" LIKE '%' || CHR(10) || '%' OR s."subscription_id" LIKE '%' || CHR(13) || '%' OR s."subscription_id" LIKE '%' || CHR(160) || '%' OR s."subscription_id" LIKE '%.0%' OR s."subscription_id" LIKE '0%' OR s."subscription_id" LIKE '+0%' OR s."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."subscription_id")) END) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."subscription_id" AS VARCHAR) <> CAST(l."subscription_id" AS VARCHAR) THEN CASE WHEN s."subscription_id" LIKE '%' || ' ' || '%' OR s."subscription_id" LIKE '%' || CHR(9) || '%' OR s."subscription_id" LIKE '%' || CHR(10) || '%' OR s."subscription_id" LIKE '%' || CHR(13) || '%' OR s."subscription_id" LIKE '%' || CHR(160) || '%' OR s."subscription_id" LIKE '%.0%' OR s."subscription_id" LIKE '0%' OR s."subscription_id" LIKE '+0%' OR s."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."subscription_id")) END = CASE WHEN l."subscription_id" LIKE '%' || ' ' || '%' OR l."subscription_id" LIKE '%' || CHR(9) || '%' OR l."subscription_id" LIKE '%' || CHR(10) || '%' OR l."subscription_id" LIKE '%' || CHR(13) || '%' OR l."subscription_id" LIKE '%' || CHR(160) || '%' OR l."subscription_id" LIKE '%.0%' OR l."subscription_id" LIKE '0%' OR l."subscription_id" LIKE '+0%' OR l."subscription_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."subscription_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."subscription_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_subscriptions" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled
)
SELECT f.spelled, f.other, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.invoices' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
WITH counted AS (
SELECT p.spelled, MIN(p.other) AS other
  FROM (
    SELECT CAST(l."invoice_id" AS VARCHAR) AS spelled, CAST(s."invoice_id" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM staging."billing_invoices__rows" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM temp."label_billing_invoices" d WHERE d.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN temp."label_billing_invoices" l ON l._form = f._form JOIN staging."billing_invoices__rows" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."invoice_id" AS VARCHAR) <> CAST(l."invoice_id" AS VARCHAR) THEN CASE WHEN s."invoice_id" LIKE '%' || ' ' || '%' OR s."invoice_id" LIKE '%' || CHR(9) || '%' OR s."invoice_id" LIKE '%' || CHR(10) || '%' OR s."invoice_id" LIKE '%' || CHR(13) || '%' OR s."invoice_id" LIKE '%' || CHR(160) || '%' OR s."invoice_id" LIKE '%.0%' OR s."invoice_id" LIKE '0%' OR s."invoice_id" LIKE '+0%' OR s."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."invoice_id")) END = CASE WHEN l."invoice_id" LIKE '%' || ' ' || '%' OR l."invoice_id" LIKE '%' || CHR(9) || '%' OR l."invoice_id" LIKE '%' || CHR(10) || '%' OR l."invoice_id" LIKE '%' || CHR(13) || '%' OR l."invoice_id" LIKE '%' || CHR(160) || '%' OR l."invoice_id" LIKE '%.0%' OR l."invoice_id" LIKE '0%' OR l."invoice_id" LIKE '+0%' OR l."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."invoice_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."invoice_id" AS VARCHAR) AS spelled, CAST(s."invoice_id" AS VARCHAR) AS other
    FROM temp."label_billing_invoices" l JOIN staging."billing_invoices__rows" s ON s._form IS NULL AND CAST(hash(CASE WHEN s."invoice_id" LIKE '%' || ' ' || '%' OR s."invoice_id" LIKE '%' || CHR(9) || '%' OR s."invoice_id" LIKE '%' || CHR(10) || '%' OR s."invoice_id" LIKE '%' || CHR(13) || '%' OR s."invoice_id" LIKE '%' || CHR(160) || '%' OR s."invoice_id" LIKE '%.0%' OR s."invoice_id" LIKE '0%' OR s."invoice_id" LIKE '+0%' OR s."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."invoice_id")) END) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."invoice_id" AS VARCHAR) <> CAST(l."invoice_id" AS VARCHAR) THEN CASE WHEN s."invoice_id" LIKE '%' || ' ' || '%' OR s."invoice_id" LIKE '%' || CHR(9) || '%' OR s."invoice_id" LIKE '%' || CHR(10) || '%' OR s."invoice_id" LIKE '%' || CHR(13) || '%' OR s."invoice_id" LIKE '%' || CHR(160) || '%' OR s."invoice_id" LIKE '%.0%' OR s."invoice_id" LIKE '0%' OR s."invoice_id" LIKE '+0%' OR s."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."invoice_id")) END = CASE WHEN l."invoice_id" LIKE '%' || ' ' || '%' OR l."invoice_id" LIKE '%' || CHR(9) || '%' OR l."invoice_id" LIKE '%' || CHR(10) || '%' OR l."invoice_id" LIKE '%' || CHR(13) || '%' OR l."invoice_id" LIKE '%' || CHR(160) || '%' OR l."invoice_id" LIKE '%.0%' OR l."invoice_id" LIKE '0%' OR l."invoice_id" LIKE '+0%' OR l."invoice_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."invoice_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."invoice_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_invoices" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled
)
SELECT f.spelled, f.other, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.spelled LIMIT 5
) r
UNION ALL
SELECT 'billing.payments' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
WITH counted AS (
SELECT p.spelled, MIN(p.other) AS other
  FROM (
    SELECT CAST(l."payment_id" AS VARCHAR) AS spelled, CAST(s."payment_id" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM staging."billing_payments__rows" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM temp."label_billing_payments" d WHERE d.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN temp."label_billing_payments" l ON l._form = f._form JOIN staging."billing_payments__rows" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."payment_id" AS VARCHAR) <> CAST(l."payment_id" AS VARCHAR) THEN CASE WHEN s."payment_id" LIKE '%' || ' ' || '%' OR s."payment_id" LIKE '%' || CHR(9) || '%' OR s."payment_id" LIKE '%' || CHR(10) || '%' OR s."payment_id" LIKE '%' || CHR(13) || '%' OR s."payment_id" LIKE '%' || CHR(160) || '%' OR s."payment_id" LIKE '%.0%' OR s."payment_id" LIKE '0%' OR s."payment_id" LIKE '+0%' OR s."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."payment_id")) END = CASE WHEN l."payment_id" LIKE '%' || ' ' || '%' OR l."payment_id" LIKE '%' || CHR(9) || '%' OR l."payment_id" LIKE '%' || CHR(10) || '%' OR l."payment_id" LIKE '%' || CHR(13) || '%' OR l."payment_id" LIKE '%' || CHR(160) || '%' OR l."payment_id" LIKE '%.0%' OR l."payment_id" LIKE '0%' OR l."payment_id" LIKE '+0%' OR l."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."payment_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."payment_id" AS VARCHAR) AS spelled, CAST(s."payment_id" AS VARCHAR) AS other
    FROM temp."label_billing_payments" l JOIN staging."billing_payments__rows" s ON s._form IS NULL AND CAST(hash(CASE WHEN s."payment_id" LIKE '%' || ' ' || '%' OR s."payment_id" LIKE '%' || CHR(9) || '%' OR s."payment_id" LIKE '%' || CHR(10) || '%' OR s."payment_id" LIKE '%' || CHR(13) || '%' OR s."payment_id" LIKE '%' || CHR(160) || '%' OR s."payment_id" LIKE '%.0%' OR s."payment_id" LIKE '0%' OR s."payment_id" LIKE '+0%' OR s."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."payment_id")) END) >> 1 AS BIGINT) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."payment_id" AS VARCHAR) <> CAST(l."payment_id" AS VARCHAR) THEN CASE WHEN s."payment_id" LIKE '%' || ' ' || '%' OR s."payment_id" LIKE '%' || CHR(9) || '%' OR s."payment_id" LIKE '%' || CHR(10) || '%' OR s."payment_id" LIKE '%' || CHR(13) || '%' OR s."payment_id" LIKE '%' || CHR(160) || '%' OR s."payment_id" LIKE '%.0%' OR s."payment_id" LIKE '0%' OR s."payment_id" LIKE '+0%' OR s."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(s."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(s."payment_id")) END = CASE WHEN l."payment_id" LIKE '%' || ' ' || '%' OR l."payment_id" LIKE '%' || CHR(9) || '%' OR l."payment_id" LIKE '%' || CHR(10) || '%' OR l."payment_id" LIKE '%' || CHR(13) || '%' OR l."payment_id" LIKE '%' || CHR(160) || '%' OR l."payment_id" LIKE '%.0%' OR l."payment_id" LIKE '0%' OR l."payment_id" LIKE '+0%' OR l."payment_id" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(nfc_normalize(l."payment_id"), ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') ELSE LOWER(nfc_normalize(l."payment_id")) END ELSE FALSE END AND l.rowid NOT IN (SELECT v._row FROM temp."verdict_billing_payments" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled
)
SELECT f.spelled, f.other, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.spelled LIMIT 5
) r
) q;
