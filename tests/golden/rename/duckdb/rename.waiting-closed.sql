INSERT INTO ops."quarantine_event" (row_id, feed, run_group, publication_id, number, event, class, happened_at)
SELECT q.row_id, q.feed, 'desk', 'desk-3', 3, 'renamed', CAST(NULL AS VARCHAR), TIMESTAMP '2026-11-01 12:00:00'
FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.run_group = 'desk';
