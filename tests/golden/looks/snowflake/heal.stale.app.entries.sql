SELECT DISTINCT CAST(v.nth AS VARCHAR) AS nth FROM (VALUES (0, CAST('1' AS VARCHAR))) AS v (nth, source_key)
JOIN OPS."STALE_KEY" k ON k.feed = 'app.entries' AND k.source_key = v.source_key;
