SELECT u.feed, u.run_group, CAST(SUM(CAST(u.live AS NUMBER(38, 0))) AS VARCHAR) AS live, CAST(SUM(CAST(u.waiting AS NUMBER(38, 0))) AS VARCHAR) AS waiting FROM (
  SELECT f.feed, f.run_group, f.row_count AS live, 0 AS waiting FROM OPS."FLOW" f
  JOIN (SELECT run_group, MAX(number) AS number FROM OPS."PUBLICATION" GROUP BY run_group) p ON p.run_group = f.run_group AND p.number = f.number
  WHERE f.class = 'closing_stock'
  UNION ALL
  SELECT q.feed, q.run_group, 0 AS live, 1 AS waiting FROM OPS."OPEN_QUARANTINE" q WHERE 1 = 1
) u GROUP BY u.feed, u.run_group ORDER BY u.feed, u.run_group;
