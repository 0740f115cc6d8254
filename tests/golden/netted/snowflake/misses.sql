SELECT 'misses.app.entries' AS question, '=' || CAST(q.inserted AS VARCHAR) AS c0, '=' || CAST(q.updated AS VARCHAR) AS c1, '=' || CAST(q.vanished AS VARCHAR) AS c2 FROM (
SELECT CAST(COUNT(CASE WHEN n._how = 'inserted' THEN 1 END) AS VARCHAR) AS inserted, CAST(COUNT(CASE WHEN n._how = 'updated' THEN 1 END) AS VARCHAR) AS updated, CAST(COUNT(CASE WHEN n._how = 'vanished' THEN 1 END) AS VARCHAR) AS vanished FROM "NETTED_APP_ENTRIES" n
) q
UNION ALL
SELECT 'missed-keys.app.entries' AS question, '=' || CAST(q.key_0 AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT CAST(n."ID" AS VARCHAR) AS key_0 FROM "NETTED_APP_ENTRIES" n ORDER BY n."ID" LIMIT 20
) q;
