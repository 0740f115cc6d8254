SELECT 'landed.billing.invoices' AS question, '=' || CAST(q.typed AS VARCHAR) AS c0, '=' || CAST(q.bytes AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3 FROM (
SELECT CAST(count(*) FILTER (WHERE w._as_landed) AS VARCHAR) AS typed, CAST(count(*) FILTER (WHERE NOT w._as_landed) AS VARCHAR) AS bytes FROM temp."waiting_billing_invoices" w
) q
UNION ALL
SELECT 'samples.billing.invoices' AS question, '=' || CAST(q.at_position AS VARCHAR) AS c0, '=' || CAST(q.reasons AS VARCHAR) AS c1, '=' || CAST(q.key_0 AS VARCHAR) AS c2, '=' || CAST(q.key_1 AS VARCHAR) AS c3 FROM (
SELECT w._position AS at_position, w._reasons AS reasons, CAST(w."id" AS VARCHAR) AS key_0, CAST(w."invoice_id" AS VARCHAR) AS key_1
FROM temp."waiting_billing_invoices" w
ORDER BY w._position LIMIT 20
) q;
