WITH counted AS (
SELECT n.* FROM (
  SELECT c."ID", c._source_minor, c._source_currency, c._live_minor, c._live_currency, CASE c._state WHEN 'gone' THEN 'delete_pending' WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why, 1 AS _nth
  FROM "COMPARED_APP_ITEMS" c WHERE NOT c._state IN ('differs', 'absent', 'further')
  UNION ALL
  SELECT d."ID", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why, d._nth FROM "SETTLED_APP_ITEMS" d
) n WHERE n._term = 'break'
)
SELECT CAST(f."ID" AS VARCHAR) AS key_0, f._why AS why, f._source_currency AS source_currency, CAST(f._source_minor AS VARCHAR) AS source_minor, f._live_currency AS live_currency, CAST(f._live_minor AS VARCHAR) AS live_minor, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS all_keys
FROM counted f ORDER BY f."ID" LIMIT 20;
