SELECT q.source_key, q.row_id, q.kind, q.reasons, q.publication_id, CAST(q.opened_at AS VARCHAR) AS opened_at
FROM ops."open_quarantine" q
WHERE q.feed = 'app.entries' AND q.source_key IN ('1') ORDER BY q.number DESC, q.row_id;
