CREATE OR REPLACE TEMPORARY TABLE "TIED_FILES" AS
WITH s0 AS (
  SELECT r.key_0, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN MIN(r.currency) END AS currency,
    CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN SUM(CAST(r.minor AS NUMBER(38, 0))) END AS minor, CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN SUM(CAST(r.fee AS NUMBER(38, 0))) END AS fee,
    MIN(r.on_day) AS first_day, MAX(r.on_day) AS last_day, MIN(r.row_id) AS row_id
  FROM "TIE_FILES__0" r GROUP BY r.key_0
),
s1 AS (
  SELECT r.key_0, COUNT(*) AS row_count, COUNT(DISTINCT r.currency) AS currencies, CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN MIN(r.currency) END AS currency,
    CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN SUM(CAST(r.minor AS NUMBER(38, 0))) END AS minor, CASE WHEN COUNT(DISTINCT r.currency) = 1 THEN SUM(CAST(r.fee AS NUMBER(38, 0))) END AS fee,
    MIN(r.on_day) AS first_day, MAX(r.on_day) AS last_day, MIN(r.row_id) AS row_id
  FROM "TIE_FILES__1" r GROUP BY r.key_0
),
all_keys AS (
  SELECT s0.key_0 FROM s0
  UNION
  SELECT s1.key_0 FROM s1
),
beside AS (
  SELECT k.key_0, s0.row_count AS row_count_0, s0.currencies AS currencies_0, s0.currency AS currency_0, s0.minor AS minor_0, s0.fee AS fee_0, s0.first_day AS first_day_0, s0.last_day AS last_day_0, s0.row_id AS row_id_0, s1.row_count AS row_count_1, s1.currencies AS currencies_1, s1.currency AS currency_1, s1.minor AS minor_1, s1.fee AS fee_1, s1.first_day AS first_day_1, s1.last_day AS last_day_1, s1.row_id AS row_id_1
  FROM all_keys k
  LEFT JOIN s0 ON s0.key_0 = k.key_0
  LEFT JOIN s1 ON s1.key_0 = k.key_0
),
classed AS (
  SELECT b.*, CASE WHEN FALSE OR FALSE THEN 'duplicate'
    WHEN (COALESCE(b.currencies_0, 1) > 1 OR b.row_count_0 IS NOT NULL AND b.currency_0 <> COALESCE(b.currency_0, b.currency_1)) OR (COALESCE(b.currencies_1, 1) > 1 OR b.row_count_1 IS NOT NULL AND b.currency_1 <> COALESCE(b.currency_0, b.currency_1)) THEN 'currency'
    WHEN NOT ((b.row_count_0 IS NULL OR COALESCE(b.minor_0, b.minor_1) = b.minor_0 OR COALESCE(b.minor_0, b.minor_1) - COALESCE(b.fee_0, b.fee_1) = b.minor_0 OR COALESCE(b.minor_0, b.minor_1) = b.minor_0 - b.fee_0) AND (b.row_count_1 IS NULL OR COALESCE(b.minor_0, b.minor_1) = b.minor_1 OR COALESCE(b.minor_0, b.minor_1) - COALESCE(b.fee_0, b.fee_1) = b.minor_1 OR COALESCE(b.minor_0, b.minor_1) = b.minor_1 - b.fee_1)) THEN 'amount'
    WHEN (b.row_count_0 IS NULL OR b.row_count_1 IS NULL) AND b.row_count_0 IS NOT NULL AND b.row_count_1 IS NOT NULL THEN 'timing_settlement'
    WHEN b.row_count_0 IS NULL OR b.row_count_1 IS NULL THEN 'missing'
    WHEN COALESCE(b.minor_0, b.minor_1) <> b.minor_0 OR COALESCE(b.minor_0, b.minor_1) <> b.minor_1 THEN 'fee'
    WHEN SUBSTR(TO_VARCHAR(COALESCE(b.last_day_0, b.last_day_1), 'YYYY-MM-DD'), 1, 7) <> SUBSTR(TO_VARCHAR(b.last_day_0, 'YYYY-MM-DD'), 1, 7) OR SUBSTR(TO_VARCHAR(COALESCE(b.last_day_0, b.last_day_1), 'YYYY-MM-DD'), 1, 7) <> SUBSTR(TO_VARCHAR(b.last_day_1, 'YYYY-MM-DD'), 1, 7) THEN 'cutoff'
    ELSE 'equal' END AS class
  FROM beside b
)
SELECT b.*, CASE WHEN b.row_count_0 IS NOT NULL THEN 0 WHEN b.row_count_1 IS NOT NULL THEN 1 ELSE 0 END AS first_side, CASE b.class WHEN 'duplicate' THEN CASE WHEN FALSE THEN 0 WHEN FALSE THEN 1 ELSE 0 END
    WHEN 'currency' THEN CASE WHEN (COALESCE(b.currencies_0, 1) > 1 OR b.row_count_0 IS NOT NULL AND b.currency_0 <> COALESCE(b.currency_0, b.currency_1)) THEN 0 WHEN (COALESCE(b.currencies_1, 1) > 1 OR b.row_count_1 IS NOT NULL AND b.currency_1 <> COALESCE(b.currency_0, b.currency_1)) THEN 1 ELSE 0 END
    WHEN 'amount' THEN CASE WHEN NOT (b.row_count_0 IS NULL OR COALESCE(b.minor_0, b.minor_1) = b.minor_0 OR COALESCE(b.minor_0, b.minor_1) - COALESCE(b.fee_0, b.fee_1) = b.minor_0 OR COALESCE(b.minor_0, b.minor_1) = b.minor_0 - b.fee_0) THEN 0 WHEN NOT (b.row_count_1 IS NULL OR COALESCE(b.minor_0, b.minor_1) = b.minor_1 OR COALESCE(b.minor_0, b.minor_1) - COALESCE(b.fee_0, b.fee_1) = b.minor_1 OR COALESCE(b.minor_0, b.minor_1) = b.minor_1 - b.fee_1) THEN 1 ELSE 0 END
    WHEN 'missing' THEN CASE WHEN b.row_count_0 IS NULL THEN 0 WHEN b.row_count_1 IS NULL THEN 1 ELSE 0 END
    WHEN 'timing_settlement' THEN CASE WHEN b.row_count_0 IS NULL THEN 0 WHEN b.row_count_1 IS NULL THEN 1 ELSE 0 END
    WHEN 'fee' THEN CASE WHEN COALESCE(b.minor_0, b.minor_1) <> b.minor_0 THEN 0 WHEN COALESCE(b.minor_0, b.minor_1) <> b.minor_1 THEN 1 ELSE 0 END ELSE 0 END AS other_side
FROM classed b;
