SELECT u.feed, u.run_group, CAST(SUM(CAST(u.live AS HUGEINT)) AS VARCHAR) AS live, CAST(SUM(CAST(u.waiting AS HUGEINT)) AS VARCHAR) AS waiting FROM (
  SELECT f.feed, f.run_group, f.row_count AS live, 0 AS waiting FROM ops."flow" f
  JOIN (SELECT run_group, MAX(number) AS number FROM ops."publication" GROUP BY run_group) p ON p.run_group = f.run_group AND p.number = f.number
  WHERE f.class = 'closing_stock'
  UNION ALL
  SELECT q.feed, q.run_group, 0 AS live, 1 AS waiting FROM ops."open_quarantine" q WHERE 1 = 1
) u GROUP BY u.feed, u.run_group ORDER BY u.feed, u.run_group;
