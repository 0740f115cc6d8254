SELECT CAST(f."id" AS VARCHAR) AS key_0,
  CAST(f."id" AS VARCHAR) AS key_text,
  f._why AS why,
  f._source_currency AS source_currency,
  CAST(f._source_minor AS VARCHAR) AS source_minor,
  f._live_currency AS live_currency,
  CAST(f._live_minor AS VARCHAR) AS live_minor,
  CASE WHEN a."id" IS NOT NULL AND s."id" IS NOT NULL THEN CONCAT('', CASE WHEN a."id" IS DISTINCT FROM s."id" THEN '0,' ELSE '' END, CASE WHEN a."entry_id" IS DISTINCT FROM s."entry_id" THEN '1,' ELSE '' END, CASE WHEN a."account_id" IS DISTINCT FROM s."account_id" THEN '2,' ELSE '' END, CASE WHEN a."amount" IS DISTINCT FROM s."amount" THEN '3,' ELSE '' END, CASE WHEN a."currency" IS DISTINCT FROM s."currency" THEN '4,' ELSE '' END, CASE WHEN a."memo" IS DISTINCT FROM s."memo" THEN '5,' ELSE '' END) END AS differing_columns,
  SUBSTR(MD5(CONCAT('', COALESCE(CAST(strlen(CAST(a."id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(a."entry_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."entry_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(a."account_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."account_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(a."amount" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."amount" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(a."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(a."memo" AS VARCHAR)) AS VARCHAR) || ':' || CAST(a."memo" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."entry_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."entry_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."account_id" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."account_id" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."amount" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."amount" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."currency" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."currency" AS VARCHAR), '-'), COALESCE(CAST(strlen(CAST(s."memo" AS VARCHAR)) AS VARCHAR) || ':' || CAST(s."memo" AS VARCHAR), '-'))), 1, 4) AS print,
  CASE WHEN a."id" IS NOT NULL THEN CAST(to_json({'id': SUBSTR(CAST(a."id" AS VARCHAR), 1, 200), 'entry_id': SUBSTR(CAST(a."entry_id" AS VARCHAR), 1, 200), 'account_id': SUBSTR(CAST(a."account_id" AS VARCHAR), 1, 200), 'amount': SUBSTR(CAST(a."amount" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(a."currency" AS VARCHAR), 1, 200), 'memo': SUBSTR(CAST(a."memo" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN s."id" IS NOT NULL THEN CAST(to_json({'id': SUBSTR(CAST(s."id" AS VARCHAR), 1, 200), 'entry_id': SUBSTR(CAST(s."entry_id" AS VARCHAR), 1, 200), 'account_id': SUBSTR(CAST(s."account_id" AS VARCHAR), 1, 200), 'amount': SUBSTR(CAST(s."amount" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(s."currency" AS VARCHAR), 1, 200), 'memo': SUBSTR(CAST(s."memo" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values,
  COALESCE(a._scope, s._scope) AS scope
FROM (
WITH counted AS (
SELECT n.* FROM (
  SELECT d."id", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why, d._nth FROM temp."settled_app_entries" d
) n WHERE n._term = 'break'
)
SELECT f."id", f._why, f._nth, f._source_minor, f._source_currency, f._live_minor, f._live_currency, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS all_keys
FROM counted f ORDER BY f."id" LIMIT 1000
) f
LEFT JOIN temp."again_app_entries" a ON a."id" = f."id" AND a._nth = f._nth
LEFT JOIN staging."app_entries__rows" s ON s."id" = f."id" AND s._deleted_at IS NULL
ORDER BY f."id", print;
