SELECT CAST(e.number AS VARCHAR) AS number, q.source_key, e.class
FROM OPS."QUARANTINE_ROW" q JOIN OPS."QUARANTINE_EVENT" e ON e.row_id = q.row_id AND e.event = 'released'
WHERE q.feed = 'app.entries' AND q.source_key IN ('1') ORDER BY e.number, q.row_id;
