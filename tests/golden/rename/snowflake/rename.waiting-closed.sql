INSERT INTO OPS."QUARANTINE_EVENT" (row_id, feed, run_group, publication_id, number, event, class, happened_at)
SELECT q.row_id, q.feed, 'desk', 'desk-3', 3, 'renamed', CAST(NULL AS VARCHAR), CAST('2026-11-01 12:00:00' AS TIMESTAMP_NTZ(6))
FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries' AND q.run_group = 'desk';
