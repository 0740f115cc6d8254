SELECT 'landed.billing.invoices' AS question, '=' || CAST(q.typed AS VARCHAR) AS c0, '=' || CAST(q.bytes AS VARCHAR) AS c1, '=' || CAST(q.content AS VARCHAR) AS c2, '=' || CAST(q.unplaced AS VARCHAR) AS c3 FROM (
SELECT CAST(count(*) FILTER (WHERE w._as_landed) AS VARCHAR) AS typed, CAST(count(*) FILTER (WHERE NOT w._as_landed AND w._position IS NOT NULL) AS VARCHAR) AS bytes, CAST(count(*) FILTER (WHERE NOT w._as_landed AND w._position IS NULL) AS VARCHAR) AS content, CAST(count(*) FILTER (WHERE w._position IS NULL) AS VARCHAR) AS unplaced FROM temp."waiting_billing_invoices" w
) q
UNION ALL
SELECT 'samples.billing.invoices' AS question, '=' || CAST(q.at_position AS VARCHAR) AS c0, '=' || CAST(q.reasons AS VARCHAR) AS c1, '=' || CAST(q.key_0 AS VARCHAR) AS c2, '=' || CAST(q.key_1 AS VARCHAR) AS c3 FROM (
SELECT w._position AS at_position, w._reasons AS reasons, CAST(w."id" AS VARCHAR) AS key_0, CAST(w."invoice_id" AS VARCHAR) AS key_1
FROM temp."waiting_billing_invoices" w
ORDER BY w._position, to_hex(w._hash) LIMIT 20
) q;
