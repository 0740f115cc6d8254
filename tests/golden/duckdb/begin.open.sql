SELECT q.feed, q.run_group, CAST(COUNT(*) AS VARCHAR) AS all_rows, CAST(count(*) FILTER (WHERE q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only)) AS VARCHAR) AS pool FROM ops."open_quarantine" q
GROUP BY q.feed, q.run_group ORDER BY q.feed, q.run_group;
