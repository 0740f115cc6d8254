CREATE OR REPLACE TEMPORARY TABLE "TIED_INVOICES" AS
WITH s0 AS (
  SELECT r.key_0, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, MIN(r.currency) AS currency, SUM(CAST(r.minor AS NUMBER(38, 0))) AS minor,
    SUM(CAST(r.fee AS NUMBER(38, 0))) AS fee, MAX(r.on_day) AS on_day, MIN(r.row_id) AS row_id
  FROM "TIE_INVOICES__0" r GROUP BY r.key_0
),
s1 AS (
  SELECT r.key_0, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, MIN(r.currency) AS currency, SUM(CAST(r.minor AS NUMBER(38, 0))) AS minor,
    SUM(CAST(r.fee AS NUMBER(38, 0))) AS fee, MAX(r.on_day) AS on_day, MIN(r.row_id) AS row_id
  FROM "TIE_INVOICES__1" r GROUP BY r.key_0
),
s2 AS (
  SELECT r.key_0, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, MIN(r.currency) AS currency, SUM(CAST(r.minor AS NUMBER(38, 0))) AS minor,
    SUM(CAST(r.fee AS NUMBER(38, 0))) AS fee, MAX(r.on_day) AS on_day, MIN(r.row_id) AS row_id
  FROM "TIE_INVOICES__2" r GROUP BY r.key_0
),
all_keys AS (
  SELECT s0.key_0 FROM s0
  UNION
  SELECT s1.key_0 FROM s1
  UNION
  SELECT s2.key_0 FROM s2
)
SELECT k.key_0, s0.row_count AS row_count_0, s0.currency AS currency_0, s0.minor AS minor_0, s0.fee AS fee_0, s0.on_day AS on_day_0, s0.row_id AS row_id_0, s1.row_count AS row_count_1, s1.currency AS currency_1, s1.minor AS minor_1, s1.fee AS fee_1, s1.on_day AS on_day_1, s1.row_id AS row_id_1, s2.row_count AS row_count_2, s2.currency AS currency_2, s2.minor AS minor_2, s2.fee AS fee_2, s2.on_day AS on_day_2, s2.row_id AS row_id_2, CASE WHEN s0.minor IS DISTINCT FROM s1.minor OR s0.currency IS DISTINCT FROM s1.currency OR s1.row_count > 1 THEN 1 WHEN s0.minor IS DISTINCT FROM s2.minor OR s0.currency IS DISTINCT FROM s2.currency OR s2.row_count > 1 THEN 2 ELSE 1 END AS other,
  CASE WHEN COALESCE(s0.row_count, 0) > 1 OR COALESCE(s1.row_count, 0) > 1 OR COALESCE(s2.row_count, 0) > 1 THEN 'duplicate'
    WHEN NOT (s0.row_count IS NOT NULL AND s1.row_count IS NOT NULL AND s2.row_count IS NOT NULL) AND (s0.row_count IS NOT NULL OR GREATEST(COALESCE(s0.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s1.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s2.on_day, CAST('0001-01-01' AS DATE))) > CAST('2026-11-03' AS DATE)) AND (s1.row_count IS NOT NULL OR GREATEST(COALESCE(s0.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s1.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s2.on_day, CAST('0001-01-01' AS DATE))) > CAST('2026-11-03' AS DATE)) AND (s2.row_count IS NOT NULL OR GREATEST(COALESCE(s0.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s1.on_day, CAST('0001-01-01' AS DATE)), COALESCE(s2.on_day, CAST('0001-01-01' AS DATE))) > CAST('2026-11-03' AS DATE)) THEN 'timing_settlement'
    WHEN NOT (s0.row_count IS NOT NULL AND s1.row_count IS NOT NULL AND s2.row_count IS NOT NULL) THEN 'missing'
    WHEN s0.currencies > 1 OR s1.currencies > 1 OR s2.currencies > 1 OR s0.currency <> s1.currency OR s0.currency <> s2.currency THEN 'currency'
    WHEN NOT ((s0.minor = s1.minor OR s0.minor = s1.minor - s1.fee OR s0.minor - s0.fee = s1.minor OR s0.minor - s0.fee = s1.minor - s1.fee) AND (s0.minor = s2.minor OR s0.minor = s2.minor - s2.fee OR s0.minor - s0.fee = s2.minor OR s0.minor - s0.fee = s2.minor - s2.fee)) THEN 'amount'
    WHEN s0.minor <> s1.minor OR s0.minor <> s2.minor THEN 'fee'
    WHEN SUBSTR(TO_VARCHAR(s0.on_day, 'YYYY-MM-DD'), 1, 7) <> SUBSTR(TO_VARCHAR(s1.on_day, 'YYYY-MM-DD'), 1, 7) OR SUBSTR(TO_VARCHAR(s0.on_day, 'YYYY-MM-DD'), 1, 7) <> SUBSTR(TO_VARCHAR(s2.on_day, 'YYYY-MM-DD'), 1, 7) THEN 'cutoff'
    ELSE 'equal' END AS class
FROM all_keys k
LEFT JOIN s0 ON s0.key_0 = k.key_0
LEFT JOIN s1 ON s1.key_0 = k.key_0
LEFT JOIN s2 ON s2.key_0 = k.key_0;
