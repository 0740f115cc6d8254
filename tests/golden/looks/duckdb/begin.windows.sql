SELECT b.feed, MIN(b.publication_id) AS publication_id FROM ops."batch" b
WHERE b.run_group = 'desk' AND b.replay_of IS NULL
  AND b.window_start = TIMESTAMP '2026-11-01 00:00:00.000' AND b.window_end = TIMESTAMP '2026-11-01 01:00:00.000'
GROUP BY b.feed;
