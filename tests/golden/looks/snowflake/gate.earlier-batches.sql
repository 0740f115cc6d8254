SELECT b.feed, CAST(b.window_end AS VARCHAR) AS window_end, CAST(b.row_count AS VARCHAR) AS row_count FROM OPS."BATCH" b
WHERE b.feed IN ('app.entries') AND b.replay_of IS NULL AND b.window_end IS NOT NULL
ORDER BY b.number DESC LIMIT 840;
