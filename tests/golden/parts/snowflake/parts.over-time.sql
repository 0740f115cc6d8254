SELECT n.feed, n.state_key, n.state_value, n.publication_id, CAST(n.number AS VARCHAR) AS number, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.published_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS published_at, b.manifest FROM OPS."ADAPTER_STATE" n
JOIN OPS."PUBLICATION" p ON p.publication_id = n.publication_id
LEFT JOIN OPS."BATCH" b ON b.publication_id = n.publication_id AND b.feed = n.feed
WHERE n.run_group = 'desk' AND n.feed IN ('app.entries', 'app.former')
  AND n.state_key = 'a' AND n.state_value IS NOT NULL
ORDER BY n.number;
