SELECT f.feed, f.class, CAST(SUM(CAST(f.row_count AS NUMBER(38, 0))) AS VARCHAR) AS row_count FROM OPS."FLOW" f
WHERE f.run_group = 'billing' AND f.window_end > CAST('2026-10-31 02:00:00.000' AS TIMESTAMP_NTZ(6)) AND f.window_end <= CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))
GROUP BY f.feed, f.class;
