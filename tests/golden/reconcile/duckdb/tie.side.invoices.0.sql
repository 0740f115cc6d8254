CREATE OR REPLACE TEMP TABLE "tie_invoices__0" AS
SELECT CAST(q."invoice_id" AS VARCHAR) AS key_0, CAST(q."id" AS VARCHAR) AS row_id, NULLIF(TRIM(CAST(q."currency" AS VARCHAR)), '') AS currency, CASE WHEN regexp_matches(CAST(q."amount_minor" AS VARCHAR), '^-?[0-9]{1,37}([.]0+)?$') THEN CAST(q."amount_minor" AS HUGEINT) END AS minor, 0 AS fee, CASE WHEN CAST(q."on_day" AS DATE) BETWEEN CAST('1000-01-01' AS DATE) AND CAST('9999-12-31' AS DATE) THEN CAST(q."on_day" AS DATE) END AS on_day FROM (
SELECT invoice_id, id, currency, amount_due_minor AS amount_minor, issued_on AS on_day FROM staging.billing_invoices
) q;
