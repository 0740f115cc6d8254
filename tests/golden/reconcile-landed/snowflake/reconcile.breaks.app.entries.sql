SELECT CAST(f."ID" AS VARCHAR) AS key_0,
  CAST(f."ID" AS VARCHAR) AS key_text,
  f._why AS why,
  f._source_currency AS source_currency,
  CAST(f._source_minor AS VARCHAR) AS source_minor,
  f._live_currency AS live_currency,
  CAST(f._live_minor AS VARCHAR) AS live_minor,
  CASE WHEN a."ID" IS NOT NULL AND s."ID" IS NOT NULL THEN CONCAT('', CASE WHEN a."ID" IS DISTINCT FROM s."ID" THEN '0,' ELSE '' END, CASE WHEN a."ENTRY_ID" IS DISTINCT FROM s."ENTRY_ID" THEN '1,' ELSE '' END, CASE WHEN a."ACCOUNT_ID" IS DISTINCT FROM s."ACCOUNT_ID" THEN '2,' ELSE '' END, CASE WHEN a."AMOUNT" IS DISTINCT FROM s."AMOUNT" THEN '3,' ELSE '' END, CASE WHEN a."CURRENCY" IS DISTINCT FROM s."CURRENCY" THEN '4,' ELSE '' END, CASE WHEN a."MEMO" IS DISTINCT FROM s."MEMO" THEN '5,' ELSE '' END) END AS differing_columns,
  CASE WHEN a."ID" IS NOT NULL THEN TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('id', SUBSTR(CAST(a."ID" AS VARCHAR), 1, 200), 'entry_id', SUBSTR(CAST(a."ENTRY_ID" AS VARCHAR), 1, 200), 'account_id', SUBSTR(CAST(a."ACCOUNT_ID" AS VARCHAR), 1, 200), 'amount', SUBSTR(CAST(a."AMOUNT" AS VARCHAR), 1, 200), 'currency', SUBSTR(CAST(a."CURRENCY" AS VARCHAR), 1, 200), 'memo', SUBSTR(CAST(a."MEMO" AS VARCHAR), 1, 200))) END AS source_values,
  CASE WHEN s."ID" IS NOT NULL THEN TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('id', SUBSTR(CAST(s."ID" AS VARCHAR), 1, 200), 'entry_id', SUBSTR(CAST(s."ENTRY_ID" AS VARCHAR), 1, 200), 'account_id', SUBSTR(CAST(s."ACCOUNT_ID" AS VARCHAR), 1, 200), 'amount', SUBSTR(CAST(s."AMOUNT" AS VARCHAR), 1, 200), 'currency', SUBSTR(CAST(s."CURRENCY" AS VARCHAR), 1, 200), 'memo', SUBSTR(CAST(s."MEMO" AS VARCHAR), 1, 200))) END AS live_values
FROM (
WITH counted AS (
SELECT n.* FROM (
  SELECT d."ID", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why FROM "SETTLED_APP_ENTRIES" d
) n WHERE n._term = 'break'
)
SELECT f."ID", f._why, f._source_minor, f._source_currency, f._live_minor, f._live_currency, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS all_keys
FROM counted f ORDER BY f."ID" LIMIT 1000
) f
LEFT JOIN "AGAIN_APP_ENTRIES" a ON a."ID" = f."ID" AND a._nth = 1
LEFT JOIN STAGING."APP_ENTRIES__ROWS" s ON s."ID" = f."ID" AND s._deleted_at IS NULL
ORDER BY f."ID";
