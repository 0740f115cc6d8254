SELECT n.state_key, n.state_value FROM (
  SELECT s.state_key, s.state_value, ROW_NUMBER() OVER (PARTITION BY s.state_key ORDER BY s.number DESC) AS nth
  FROM ops."adapter_state" s WHERE s.run_group = 'desk' AND s.feed = 'app.entries'
) n WHERE n.nth = 1 AND n.state_value IS NOT NULL;
