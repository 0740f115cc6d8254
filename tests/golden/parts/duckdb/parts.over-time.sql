SELECT n.feed, n.state_key, n.state_value, n.publication_id, CAST(n.number AS VARCHAR) AS number, CAST(p.published_at AS VARCHAR) || '+00' AS published_at, b.manifest FROM ops."adapter_state" n
JOIN ops."publication" p ON p.publication_id = n.publication_id
LEFT JOIN ops."batch" b ON b.publication_id = n.publication_id AND b.feed = n.feed
WHERE n.run_group = 'desk' AND n.feed IN ('app.entries', 'app.former')
  AND n.state_key = 'a' AND n.state_value IS NOT NULL
ORDER BY n.number;
