SELECT 'landed.billing.invoices' AS question, '=' || CAST(q.typed AS VARCHAR) AS c0, '=' || CAST(q.bytes AS VARCHAR) AS c1, '=' || CAST(q.content AS VARCHAR) AS c2, '=' || CAST(q.unplaced AS VARCHAR) AS c3 FROM (
SELECT CAST(COUNT(CASE WHEN w._as_landed THEN 1 END) AS VARCHAR) AS typed, CAST(COUNT(CASE WHEN NOT w._as_landed AND w._position IS NOT NULL THEN 1 END) AS VARCHAR) AS bytes, CAST(COUNT(CASE WHEN NOT w._as_landed AND w._position IS NULL THEN 1 END) AS VARCHAR) AS content, CAST(COUNT(CASE WHEN w._position IS NULL THEN 1 END) AS VARCHAR) AS unplaced FROM "WAITING_BILLING_INVOICES" w
) q
UNION ALL
SELECT 'samples.billing.invoices' AS question, '=' || CAST(q.at_position AS VARCHAR) AS c0, '=' || CAST(q.reasons AS VARCHAR) AS c1, '=' || CAST(q.key_0 AS VARCHAR) AS c2, '=' || CAST(q.key_1 AS VARCHAR) AS c3 FROM (
SELECT w._position AS at_position, w._reasons AS reasons, CAST(w."ID" AS VARCHAR) AS key_0, CAST(w."INVOICE_ID" AS VARCHAR) AS key_1
FROM "WAITING_BILLING_INVOICES" w
ORDER BY w._position, CAST(w._hash AS VARCHAR) LIMIT 20
) q;
