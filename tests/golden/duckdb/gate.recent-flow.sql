SELECT f.feed, f.class, CAST(SUM(CAST(f.row_count AS HUGEINT)) AS VARCHAR) AS row_count FROM ops."flow" f
WHERE f.run_group = 'billing' AND f.window_end > TIMESTAMP '2026-10-31 02:00:00.000' AND f.window_end <= TIMESTAMP '2026-11-01 02:00:00.000'
GROUP BY f.feed, f.class;
