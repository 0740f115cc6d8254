SELECT n.feed, n.state_key, n.state_value, n.publication_id, CAST(n.number AS VARCHAR) AS number, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.published_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS published_at, NULL AS manifest FROM (
  SELECT s.*, ROW_NUMBER() OVER (PARTITION BY s.feed, s.state_key ORDER BY s.number DESC) AS nth
  FROM OPS."ADAPTER_STATE" s WHERE (s.run_group = 'desk' AND s.feed = 'app.entries')
) n
JOIN OPS."PUBLICATION" p ON p.publication_id = n.publication_id
WHERE n.nth = 1 AND n.state_value IS NOT NULL;
