WITH counted AS (
SELECT CAST(w."id" AS VARCHAR) AS key_0, CAST(w."invoice_id" AS VARCHAR) AS key_1
FROM (SELECT s.* FROM staging."billing_invoices__rows" s WHERE s._deleted_at IS NULL) w
WHERE CASE WHEN (CAST(w."amount_due_minor" AS VARCHAR) IS NULL OR CAST(w."currency" AS VARCHAR) IS NULL OR NOT COALESCE(NOT (CAST(w."amount_due_minor" AS VARCHAR) IS NOT NULL AND (TRY_CAST(CAST(w."amount_due_minor" AS VARCHAR) AS BIGINT) IS NULL OR NOT CAST(TRY_CAST(CAST(w."amount_due_minor" AS VARCHAR) AS BIGINT) AS VARCHAR) = CAST(w."amount_due_minor" AS VARCHAR))), FALSE)) THEN NULL ELSE COALESCE(TRY_CAST(CAST(w."amount_due_minor" AS VARCHAR) AS BIGINT), 0) END IS DISTINCT FROM w._minor OR COALESCE(CAST(w."currency" AS VARCHAR), '-') IS DISTINCT FROM w._currency
)
SELECT f.key_0, f.key_1, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0, f.key_1 LIMIT 20;
