SELECT DISTINCT CAST(v.nth AS VARCHAR) AS nth, s._scope AS scope FROM (VALUES (0, CAST('1' AS VARCHAR))) AS v (nth, source_key)
JOIN staging."app_entries__rows" s ON CAST(s."id" AS VARCHAR) = v.source_key
WHERE s._deleted_at IS NULL AND s._scope <> '' ORDER BY nth, scope;
