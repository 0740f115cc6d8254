SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
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
UNION ALL
SELECT 'partners.remittances' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."PARTNERS_REMITTANCES__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
) q
UNION ALL
SELECT 'waiting' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, '=' || CAST(q.minor AS VARCHAR) AS c4, '=' || CAST(q.oldest AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
SELECT q.feed, q.kind, q.currency, CAST(SUM(CAST(q.copies AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.copies * q.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM OPS."OPEN_QUARANTINE" q WHERE q.run_group = 'billing' GROUP BY q.feed, q.kind, q.currency
) q
UNION ALL
SELECT 'closed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.event AS VARCHAR) AS c3, '=' || CAST(q.class AS VARCHAR) AS c4, '=' || CAST(q.row_count AS VARCHAR) AS c5, '=' || CAST(q.minor AS VARCHAR) AS c6, '=' || CAST(q.copies AS VARCHAR) AS c7, '=' || CAST(q.copies_minor AS VARCHAR) AS c8 FROM (
SELECT q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '') AS class, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor,
  CAST(SUM(CAST(q.copies - 1 AS NUMBER(38, 0))) AS VARCHAR) AS copies, CAST(SUM(CAST((q.copies - 1) * q.minor AS NUMBER(38, 0))) AS VARCHAR) AS copies_minor
FROM OPS."QUARANTINE_EVENT" e JOIN OPS."QUARANTINE_ROW" q ON q.row_id = e.row_id
WHERE e.publication_id = 'billing-2' GROUP BY q.feed, q.kind, q.currency, e.event, COALESCE(e.class, '')
) q
UNION ALL
SELECT 'respelled' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.spelled AS VARCHAR) AS c1, '=' || CAST(q.other AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5, CAST(NULL AS VARCHAR) AS c6, CAST(NULL AS VARCHAR) AS c7, CAST(NULL AS VARCHAR) AS c8 FROM (
SELECT 'billing.customers' AS feed, SUBSTR(r.spelled, 1, 80) AS spelled, SUBSTR(r.other, 1, 80) AS other, r.row_count FROM (
WITH counted AS (
SELECT p.spelled, MIN(p.other) AS other
  FROM (
    SELECT CAST(l."CUSTOMER_ID" AS VARCHAR) AS spelled, CAST(s."CUSTOMER_ID" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM STAGING."BILLING_CUSTOMERS__ROWS" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM "LABEL_BILLING_CUSTOMERS" d WHERE d._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_CUSTOMERS" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN "LABEL_BILLING_CUSTOMERS" l ON l._form = f._form JOIN STAGING."BILLING_CUSTOMERS__ROWS" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."CUSTOMER_ID" AS VARCHAR) <> CAST(l."CUSTOMER_ID" AS VARCHAR) THEN CASE WHEN s."CUSTOMER_ID" LIKE '%' || ' ' || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(9) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(10) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(13) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(160) || '%' OR s."CUSTOMER_ID" LIKE '%.0%' OR s."CUSTOMER_ID" LIKE '0%' OR s."CUSTOMER_ID" LIKE '+0%' OR s."CUSTOMER_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."CUSTOMER_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."CUSTOMER_ID") END = CASE WHEN l."CUSTOMER_ID" LIKE '%' || ' ' || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(9) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(10) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(13) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(160) || '%' OR l."CUSTOMER_ID" LIKE '%.0%' OR l."CUSTOMER_ID" LIKE '0%' OR l."CUSTOMER_ID" LIKE '+0%' OR l."CUSTOMER_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."CUSTOMER_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."CUSTOMER_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_CUSTOMERS" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."CUSTOMER_ID" AS VARCHAR) AS spelled, CAST(s."CUSTOMER_ID" AS VARCHAR) AS other
    FROM "LABEL_BILLING_CUSTOMERS" l JOIN STAGING."BILLING_CUSTOMERS__ROWS" s ON s._form IS NULL AND SUBSTR(MD5(CASE WHEN s."CUSTOMER_ID" LIKE '%' || ' ' || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(9) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(10) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(13) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(160) || '%' OR s."CUSTOMER_ID" LIKE '%.0%' OR s."CUSTOMER_ID" LIKE '0%' OR s."CUSTOMER_ID" LIKE '+0%' OR s."CUSTOMER_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."CUSTOMER_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."CUSTOMER_ID") END), 1, 16) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."CUSTOMER_ID" AS VARCHAR) <> CAST(l."CUSTOMER_ID" AS VARCHAR) THEN CASE WHEN s."CUSTOMER_ID" LIKE '%' || ' ' || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(9) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(10) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(13) || '%' OR s."CUSTOMER_ID" LIKE '%' || CHR(160) || '%' OR s."CUSTOMER_ID" LIKE '%.0%' OR s."CUSTOMER_ID" LIKE '0%' OR s."CUSTOMER_ID" LIKE '+0%' OR s."CUSTOMER_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."CUSTOMER_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."CUSTOMER_ID") END = CASE WHEN l."CUSTOMER_ID" LIKE '%' || ' ' || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(9) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(10) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(13) || '%' OR l."CUSTOMER_ID" LIKE '%' || CHR(160) || '%' OR l."CUSTOMER_ID" LIKE '%.0%' OR l."CUSTOMER_ID" LIKE '0%' OR l."CUSTOMER_ID" LIKE '+0%' OR l."CUSTOMER_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."CUSTOMER_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."CUSTOMER_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_CUSTOMERS" v WHERE v._class NOT IN ('inserted'))
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
    SELECT CAST(l."SUBSCRIPTION_ID" AS VARCHAR) AS spelled, CAST(s."SUBSCRIPTION_ID" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM STAGING."BILLING_SUBSCRIPTIONS__ROWS" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM "LABEL_BILLING_SUBSCRIPTIONS" d WHERE d._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_SUBSCRIPTIONS" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN "LABEL_BILLING_SUBSCRIPTIONS" l ON l._form = f._form JOIN STAGING."BILLING_SUBSCRIPTIONS__ROWS" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."SUBSCRIPTION_ID" AS VARCHAR) <> CAST(l."SUBSCRIPTION_ID" AS VARCHAR) THEN CASE WHEN s."SUBSCRIPTION_ID" LIKE '%' || ' ' || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(9) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(10) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(13) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(160) || '%' OR s."SUBSCRIPTION_ID" LIKE '%.0%' OR s."SUBSCRIPTION_ID" LIKE '0%' OR s."SUBSCRIPTION_ID" LIKE '+0%' OR s."SUBSCRIPTION_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."SUBSCRIPTION_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."SUBSCRIPTION_ID") END = CASE WHEN l."SUBSCRIPTION_ID" LIKE '%' || ' ' || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(9) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(10) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(13) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(160) || '%' OR l."SUBSCRIPTION_ID" LIKE '%.0%' OR l."SUBSCRIPTION_ID" LIKE '0%' OR l."SUBSCRIPTION_ID" LIKE '+0%' OR l."SUBSCRIPTION_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."SUBSCRIPTION_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."SUBSCRIPTION_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_SUBSCRIPTIONS" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."SUBSCRIPTION_ID" AS VARCHAR) AS spelled, CAST(s."SUBSCRIPTION_ID" AS VARCHAR) AS other
    FROM "LABEL_BILLING_SUBSCRIPTIONS" l JOIN STAGING."BILLING_SUBSCRIPTIONS__ROWS" s ON s._form IS NULL AND SUBSTR(MD5(CASE WHEN s."SUBSCRIPTION_ID" LIKE '%' || ' ' || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(9) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(10) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(13) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(160) || '%' OR s."SUBSCRIPTION_ID" LIKE '%.0%' OR s."SUBSCRIPTION_ID" LIKE '0%' OR s."SUBSCRIPTION_ID" LIKE '+0%' OR s."SUBSCRIPTION_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."SUBSCRIPTION_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."SUBSCRIPTION_ID") END), 1, 16) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."SUBSCRIPTION_ID" AS VARCHAR) <> CAST(l."SUBSCRIPTION_ID" AS VARCHAR) THEN CASE WHEN s."SUBSCRIPTION_ID" LIKE '%' || ' ' || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(9) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(10) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(13) || '%' OR s."SUBSCRIPTION_ID" LIKE '%' || CHR(160) || '%' OR s."SUBSCRIPTION_ID" LIKE '%.0%' OR s."SUBSCRIPTION_ID" LIKE '0%' OR s."SUBSCRIPTION_ID" LIKE '+0%' OR s."SUBSCRIPTION_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."SUBSCRIPTION_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."SUBSCRIPTION_ID") END = CASE WHEN l."SUBSCRIPTION_ID" LIKE '%' || ' ' || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(9) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(10) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(13) || '%' OR l."SUBSCRIPTION_ID" LIKE '%' || CHR(160) || '%' OR l."SUBSCRIPTION_ID" LIKE '%.0%' OR l."SUBSCRIPTION_ID" LIKE '0%' OR l."SUBSCRIPTION_ID" LIKE '+0%' OR l."SUBSCRIPTION_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."SUBSCRIPTION_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."SUBSCRIPTION_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_SUBSCRIPTIONS" v WHERE v._class NOT IN ('inserted'))
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
    SELECT CAST(l."INVOICE_ID" AS VARCHAR) AS spelled, CAST(s."INVOICE_ID" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM STAGING."BILLING_INVOICES__ROWS" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM "LABEL_BILLING_INVOICES" d WHERE d._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_INVOICES" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN "LABEL_BILLING_INVOICES" l ON l._form = f._form JOIN STAGING."BILLING_INVOICES__ROWS" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."INVOICE_ID" AS VARCHAR) <> CAST(l."INVOICE_ID" AS VARCHAR) THEN CASE WHEN s."INVOICE_ID" LIKE '%' || ' ' || '%' OR s."INVOICE_ID" LIKE '%' || CHR(9) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(10) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(13) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(160) || '%' OR s."INVOICE_ID" LIKE '%.0%' OR s."INVOICE_ID" LIKE '0%' OR s."INVOICE_ID" LIKE '+0%' OR s."INVOICE_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."INVOICE_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."INVOICE_ID") END = CASE WHEN l."INVOICE_ID" LIKE '%' || ' ' || '%' OR l."INVOICE_ID" LIKE '%' || CHR(9) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(10) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(13) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(160) || '%' OR l."INVOICE_ID" LIKE '%.0%' OR l."INVOICE_ID" LIKE '0%' OR l."INVOICE_ID" LIKE '+0%' OR l."INVOICE_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."INVOICE_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."INVOICE_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_INVOICES" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."INVOICE_ID" AS VARCHAR) AS spelled, CAST(s."INVOICE_ID" AS VARCHAR) AS other
    FROM "LABEL_BILLING_INVOICES" l JOIN STAGING."BILLING_INVOICES__ROWS" s ON s._form IS NULL AND SUBSTR(MD5(CASE WHEN s."INVOICE_ID" LIKE '%' || ' ' || '%' OR s."INVOICE_ID" LIKE '%' || CHR(9) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(10) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(13) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(160) || '%' OR s."INVOICE_ID" LIKE '%.0%' OR s."INVOICE_ID" LIKE '0%' OR s."INVOICE_ID" LIKE '+0%' OR s."INVOICE_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."INVOICE_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."INVOICE_ID") END), 1, 16) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."INVOICE_ID" AS VARCHAR) <> CAST(l."INVOICE_ID" AS VARCHAR) THEN CASE WHEN s."INVOICE_ID" LIKE '%' || ' ' || '%' OR s."INVOICE_ID" LIKE '%' || CHR(9) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(10) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(13) || '%' OR s."INVOICE_ID" LIKE '%' || CHR(160) || '%' OR s."INVOICE_ID" LIKE '%.0%' OR s."INVOICE_ID" LIKE '0%' OR s."INVOICE_ID" LIKE '+0%' OR s."INVOICE_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."INVOICE_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."INVOICE_ID") END = CASE WHEN l."INVOICE_ID" LIKE '%' || ' ' || '%' OR l."INVOICE_ID" LIKE '%' || CHR(9) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(10) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(13) || '%' OR l."INVOICE_ID" LIKE '%' || CHR(160) || '%' OR l."INVOICE_ID" LIKE '%.0%' OR l."INVOICE_ID" LIKE '0%' OR l."INVOICE_ID" LIKE '+0%' OR l."INVOICE_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."INVOICE_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."INVOICE_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_INVOICES" v WHERE v._class NOT IN ('inserted'))
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
    SELECT CAST(l."PAYMENT_ID" AS VARCHAR) AS spelled, CAST(s."PAYMENT_ID" AS VARCHAR) AS other
    FROM (
      SELECT o._form FROM STAGING."BILLING_PAYMENTS__ROWS" o
      WHERE o._deleted_at IS NULL AND o._form IN (SELECT d._form FROM "LABEL_BILLING_PAYMENTS" d WHERE d._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_PAYMENTS" v WHERE v._class NOT IN ('inserted')))
      GROUP BY o._form HAVING COUNT(*) > 1
    ) f JOIN "LABEL_BILLING_PAYMENTS" l ON l._form = f._form JOIN STAGING."BILLING_PAYMENTS__ROWS" s ON s._form = f._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."PAYMENT_ID" AS VARCHAR) <> CAST(l."PAYMENT_ID" AS VARCHAR) THEN CASE WHEN s."PAYMENT_ID" LIKE '%' || ' ' || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(9) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(10) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(13) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(160) || '%' OR s."PAYMENT_ID" LIKE '%.0%' OR s."PAYMENT_ID" LIKE '0%' OR s."PAYMENT_ID" LIKE '+0%' OR s."PAYMENT_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."PAYMENT_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."PAYMENT_ID") END = CASE WHEN l."PAYMENT_ID" LIKE '%' || ' ' || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(9) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(10) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(13) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(160) || '%' OR l."PAYMENT_ID" LIKE '%.0%' OR l."PAYMENT_ID" LIKE '0%' OR l."PAYMENT_ID" LIKE '+0%' OR l."PAYMENT_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."PAYMENT_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."PAYMENT_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_PAYMENTS" v WHERE v._class NOT IN ('inserted'))
    UNION ALL
    SELECT CAST(l."PAYMENT_ID" AS VARCHAR) AS spelled, CAST(s."PAYMENT_ID" AS VARCHAR) AS other
    FROM "LABEL_BILLING_PAYMENTS" l JOIN STAGING."BILLING_PAYMENTS__ROWS" s ON s._form IS NULL AND SUBSTR(MD5(CASE WHEN s."PAYMENT_ID" LIKE '%' || ' ' || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(9) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(10) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(13) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(160) || '%' OR s."PAYMENT_ID" LIKE '%.0%' OR s."PAYMENT_ID" LIKE '0%' OR s."PAYMENT_ID" LIKE '+0%' OR s."PAYMENT_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."PAYMENT_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."PAYMENT_ID") END), 1, 16) = l._form
    WHERE s._deleted_at IS NULL AND CASE WHEN CAST(s."PAYMENT_ID" AS VARCHAR) <> CAST(l."PAYMENT_ID" AS VARCHAR) THEN CASE WHEN s."PAYMENT_ID" LIKE '%' || ' ' || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(9) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(10) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(13) || '%' OR s."PAYMENT_ID" LIKE '%' || CHR(160) || '%' OR s."PAYMENT_ID" LIKE '%.0%' OR s."PAYMENT_ID" LIKE '0%' OR s."PAYMENT_ID" LIKE '+0%' OR s."PAYMENT_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."PAYMENT_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(s."PAYMENT_ID") END = CASE WHEN l."PAYMENT_ID" LIKE '%' || ' ' || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(9) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(10) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(13) || '%' OR l."PAYMENT_ID" LIKE '%' || CHR(160) || '%' OR l."PAYMENT_ID" LIKE '%.0%' OR l."PAYMENT_ID" LIKE '0%' OR l."PAYMENT_ID" LIKE '+0%' OR l."PAYMENT_ID" LIKE '-0%' THEN REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(l."PAYMENT_ID", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\\1'), '^([+-]?)0+([^0]|0$)', '\\1\\2') ELSE LOWER(l."PAYMENT_ID") END ELSE FALSE END AND l._row NOT IN (SELECT v._row FROM "VERDICT_BILLING_PAYMENTS" v WHERE v._class NOT IN ('inserted'))
  ) p GROUP BY p.spelled
)
SELECT f.spelled, f.other, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.spelled LIMIT 5
) r
) q;
