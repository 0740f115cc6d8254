SELECT n.feed, n.state_key, n.state_value, n.publication_id, CAST(n.number AS VARCHAR) AS number, CAST(p.published_at AS VARCHAR) || '+00' AS published_at, NULL AS manifest FROM (
  SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.feed, s.state_key ORDER BY s.number DESC) AS nth
  FROM ops."adapter_state" s WHERE (s.run_group = 'desk' AND s.feed = 'app.entries')
) n
JOIN ops."publication" p ON p.publication_id = n.publication_id
WHERE n.nth = 1 AND n.state_value IS NOT NULL;
