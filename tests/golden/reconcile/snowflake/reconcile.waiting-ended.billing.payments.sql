WITH counted AS (
SELECT DISTINCT e.row_id AS key_0, e.row_id AS key_text, '' AS print FROM OPS."QUARANTINE_EVENT" e
LEFT JOIN OPS."PUBLICATION" p ON p.publication_id = e.publication_id AND p.run_group = e.run_group AND p.number = e.number
WHERE e.feed = 'billing.payments' AND p.publication_id IS NULL
)
SELECT f.key_0, f.key_text, f.print, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS differing
FROM counted f ORDER BY f.key_0 LIMIT 1000;
