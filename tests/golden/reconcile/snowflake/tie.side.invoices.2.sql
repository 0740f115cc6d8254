CREATE OR REPLACE TEMPORARY TABLE "TIE_INVOICES__2" AS
SELECT CAST(q."INVOICE_ID" AS VARCHAR) AS key_0, CAST(q."ID" AS VARCHAR) AS row_id, CAST(q."CURRENCY" AS VARCHAR) AS currency, CAST(q."AMOUNT_MINOR" AS NUMBER(38, 0)) AS minor, 0 AS fee, CAST(q."ON_DAY" AS DATE) AS on_day FROM (
SELECT invoice_id, id, currency, amount_due_minor AS amount_minor, issued_on AS on_day FROM staging.billing_invoices
) q;
