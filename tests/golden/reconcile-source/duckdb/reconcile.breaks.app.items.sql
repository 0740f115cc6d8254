SELECT CAST(f."id" AS VARCHAR) AS key_0,
  CAST(f."id" AS VARCHAR) AS key_text,
  f._why AS why,
  f._source_currency AS source_currency,
  CAST(f._source_minor AS VARCHAR) AS source_minor,
  f._live_currency AS live_currency,
  CAST(f._live_minor AS VARCHAR) AS live_minor,
  CASE WHEN a."id" IS NOT NULL AND s."id" IS NOT NULL THEN CONCAT('', CASE WHEN a."id" IS DISTINCT FROM s."id" THEN '0,' ELSE '' END, CASE WHEN a."item_id" IS DISTINCT FROM s."item_id" THEN '1,' ELSE '' END, CASE WHEN a."v" IS DISTINCT FROM s."v" THEN '2,' ELSE '' END, CASE WHEN a."loose" IS DISTINCT FROM s."loose" THEN '3,' ELSE '' END, CASE WHEN a."label" IS DISTINCT FROM s."label" THEN '4,' ELSE '' END, CASE WHEN a."code" IS DISTINCT FROM s."code" THEN '5,' ELSE '' END, CASE WHEN a."count" IS DISTINCT FROM s."count" THEN '6,' ELSE '' END, CASE WHEN a."small" IS DISTINCT FROM s."small" THEN '7,' ELSE '' END, CASE WHEN a."amount" IS DISTINCT FROM s."amount" THEN '8,' ELSE '' END, CASE WHEN a."currency" IS DISTINCT FROM s."currency" THEN '9,' ELSE '' END, CASE WHEN a."rate" IS DISTINCT FROM s."rate" THEN '10,' ELSE '' END, CASE WHEN a."flag" IS DISTINCT FROM s."flag" THEN '11,' ELSE '' END, CASE WHEN a."day" IS DISTINCT FROM s."day" THEN '12,' ELSE '' END, CASE WHEN a."at" IS DISTINCT FROM s."at" THEN '13,' ELSE '' END, CASE WHEN a."local_at" IS DISTINCT FROM s."local_at" THEN '14,' ELSE '' END, CASE WHEN a."ref" IS DISTINCT FROM s."ref" THEN '15,' ELSE '' END) END AS differing_columns,
  CASE WHEN a."id" IS NOT NULL THEN CAST(to_json({'id': SUBSTR(CAST(a."id" AS VARCHAR), 1, 200), 'item_id': SUBSTR(CAST(a."item_id" AS VARCHAR), 1, 200), 'v': SUBSTR(CAST(a."v" AS VARCHAR), 1, 200), 'loose': SUBSTR(CAST(a."loose" AS VARCHAR), 1, 200), 'label': SUBSTR(CAST(a."label" AS VARCHAR), 1, 200), 'code': SUBSTR(CAST(a."code" AS VARCHAR), 1, 200), 'count': SUBSTR(CAST(a."count" AS VARCHAR), 1, 200), 'small': SUBSTR(CAST(a."small" AS VARCHAR), 1, 200), 'amount': SUBSTR(CAST(a."amount" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(a."currency" AS VARCHAR), 1, 200), 'rate': SUBSTR(CAST(a."rate" AS VARCHAR), 1, 200), 'flag': SUBSTR(CAST(a."flag" AS VARCHAR), 1, 200), 'day': SUBSTR(CAST(a."day" AS VARCHAR), 1, 200), 'at': SUBSTR(CAST(a."at" AS VARCHAR), 1, 200), 'local_at': SUBSTR(CAST(a."local_at" AS VARCHAR), 1, 200), 'ref': SUBSTR(CAST(a."ref" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS source_values,
  CASE WHEN s."id" IS NOT NULL THEN CAST(to_json({'id': SUBSTR(CAST(s."id" AS VARCHAR), 1, 200), 'item_id': SUBSTR(CAST(s."item_id" AS VARCHAR), 1, 200), 'v': SUBSTR(CAST(s."v" AS VARCHAR), 1, 200), 'loose': SUBSTR(CAST(s."loose" AS VARCHAR), 1, 200), 'label': SUBSTR(CAST(s."label" AS VARCHAR), 1, 200), 'code': SUBSTR(CAST(s."code" AS VARCHAR), 1, 200), 'count': SUBSTR(CAST(s."count" AS VARCHAR), 1, 200), 'small': SUBSTR(CAST(s."small" AS VARCHAR), 1, 200), 'amount': SUBSTR(CAST(s."amount" AS VARCHAR), 1, 200), 'currency': SUBSTR(CAST(s."currency" AS VARCHAR), 1, 200), 'rate': SUBSTR(CAST(s."rate" AS VARCHAR), 1, 200), 'flag': SUBSTR(CAST(s."flag" AS VARCHAR), 1, 200), 'day': SUBSTR(CAST(s."day" AS VARCHAR), 1, 200), 'at': SUBSTR(CAST(s."at" AS VARCHAR), 1, 200), 'local_at': SUBSTR(CAST(s."local_at" AS VARCHAR), 1, 200), 'ref': SUBSTR(CAST(s."ref" AS VARCHAR), 1, 200)}) AS VARCHAR) END AS live_values
FROM (
WITH counted AS (
SELECT n.* FROM (
  SELECT c."id", c._source_minor, c._source_currency, c._live_minor, c._live_currency, CASE c._state WHEN 'gone' THEN 'delete_pending' WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why
  FROM temp."compared_app_items" c WHERE NOT c._state IN ('differs', 'absent')
  UNION ALL
  SELECT d."id", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why FROM temp."settled_app_items" d
) n WHERE n._term = 'break'
)
SELECT f."id", f._why, f._source_minor, f._source_currency, f._live_minor, f._live_currency, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS all_keys
FROM counted f ORDER BY f."id" LIMIT 1000
) f
LEFT JOIN temp."again_app_items" a ON a."id" = f."id" AND a._nth = 1
LEFT JOIN staging."app_items__rows" s ON s."id" = f."id" AND s._deleted_at IS NULL
ORDER BY f."id";
