SELECT 'misses.app.entries' AS question, '=' || CAST(q.inserted AS VARCHAR) AS c0, '=' || CAST(q.updated AS VARCHAR) AS c1, '=' || CAST(q.vanished AS VARCHAR) AS c2 FROM (
SELECT CAST(count(*) FILTER (WHERE n._how = 'inserted') AS VARCHAR) AS inserted, CAST(count(*) FILTER (WHERE n._how = 'updated') AS VARCHAR) AS updated, CAST(count(*) FILTER (WHERE n._how = 'vanished') AS VARCHAR) AS vanished FROM temp."netted_app_entries" n
) q
UNION ALL
SELECT 'missed-keys.app.entries' AS question, '=' || CAST(q.key_0 AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT CAST(n."id" AS VARCHAR) AS key_0 FROM temp."netted_app_entries" n ORDER BY n."id" LIMIT 20
) q;
