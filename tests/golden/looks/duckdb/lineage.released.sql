SELECT CAST(e.number AS VARCHAR) AS number, q.source_key, e.class
FROM ops."quarantine_row" q JOIN ops."quarantine_event" e ON e.row_id = q.row_id AND e.event = 'released'
WHERE q.feed = 'app.entries' AND q.source_key IN ('1') ORDER BY e.number, q.row_id;
