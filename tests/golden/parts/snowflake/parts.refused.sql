SELECT q.kind, q.reasons, CASE WHEN q.reasons LIKE '%"record"%' THEN q.payload END AS payload, q.position, CAST(q.copies AS VARCHAR) AS copies, CAST(q.number AS VARCHAR) AS number
FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries' AND q.scope = 'a' AND q.reasons LIKE '%"record"%'
ORDER BY q.number DESC, q.row_id LIMIT 10;
