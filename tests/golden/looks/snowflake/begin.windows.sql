SELECT b.feed, MIN(b.publication_id) AS publication_id FROM OPS."BATCH" b
WHERE b.run_group = 'desk' AND b.replay_of IS NULL
  AND b.window_start = CAST('2026-11-01 00:00:00.000' AS TIMESTAMP_NTZ(6)) AND b.window_end = CAST('2026-11-01 01:00:00.000' AS TIMESTAMP_NTZ(6))
GROUP BY b.feed;
