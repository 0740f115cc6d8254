SELECT q.feed, CAST(COUNT(*) AS VARCHAR) AS all_rows, CAST(COUNT(CASE WHEN q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only) THEN 1 END) AS VARCHAR) AS pool FROM OPS."OPEN_QUARANTINE" q
WHERE q.run_group = 'desk' GROUP BY q.feed;
