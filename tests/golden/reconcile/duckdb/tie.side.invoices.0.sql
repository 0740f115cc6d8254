CREATE OR REPLACE TEMP TABLE "tie_invoices__0" AS
SELECT CAST(q."invoice_id" AS VARCHAR) AS key_0, CAST(q."id" AS VARCHAR) AS row_id, CAST(q."currency" AS VARCHAR) AS currency, CAST(q."amount_minor" AS HUGEINT) AS minor, 0 AS fee, CAST(q."on_day" AS DATE) AS on_day FROM (
SELECT invoice_id, id, currency, amount_due_minor AS amount_minor, issued_on AS on_day FROM staging.billing_invoices
) q;
