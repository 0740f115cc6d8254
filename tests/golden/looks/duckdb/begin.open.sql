SELECT q.feed, CAST(COUNT(*) AS VARCHAR) AS all_rows, CAST(count(*) FILTER (WHERE q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only)) AS VARCHAR) AS pool FROM ops."open_quarantine" q
WHERE q.run_group = 'desk' GROUP BY q.feed;
