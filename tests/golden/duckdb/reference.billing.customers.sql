CREATE OR REPLACE TEMP TABLE "reference_billing_customers" AS
SELECT _row, CAST(SUM(_unknown) AS BIGINT) AS _unknown, CAST(SUM(_stuck) AS BIGINT) AS _stuck
FROM (
  SELECT 0 AS _row, 0 AS _unknown, 0 AS _stuck WHERE FALSE
) r GROUP BY _row;
