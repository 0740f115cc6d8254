SELECT q.feed, q.run_group, CAST(COUNT(*) AS VARCHAR) AS all_rows, CAST(COUNT(CASE WHEN q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only) THEN 1 END) AS VARCHAR) AS pool FROM OPS."OPEN_QUARANTINE" q
GROUP BY q.feed, q.run_group ORDER BY q.feed, q.run_group;
