INSERT INTO OPS."ADAPTER_STATE" (publication_id, run_group, number, feed, state_key, state_value)
SELECT 'desk-3', 'desk', 3, t.feed, n.state_key, CASE WHEN t.feed = 'app.lines' THEN n.state_value END
FROM (
SELECT n.state_key, n.state_value FROM (
  SELECT s.state_key, s.state_value, ROW_NUMBER() OVER (PARTITION BY s.state_key ORDER BY s.number DESC) AS nth
  FROM OPS."ADAPTER_STATE" s WHERE s.run_group = 'desk' AND s.feed = 'app.entries'
) n WHERE n.nth = 1 AND n.state_value IS NOT NULL
) n
CROSS JOIN (SELECT 'app.lines' AS feed UNION ALL SELECT 'app.entries' AS feed) t;
