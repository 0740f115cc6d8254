SELECT CAST(f."ID" AS VARCHAR) AS key_0,
  CAST(f."ID" AS VARCHAR) AS key_text,
  f._why AS why,
  f._source_currency AS source_currency,
  CAST(f._source_minor AS VARCHAR) AS source_minor,
  f._live_currency AS live_currency,
  CAST(f._live_minor AS VARCHAR) AS live_minor,
  CASE WHEN a."ID" IS NOT NULL AND s."ID" IS NOT NULL THEN CONCAT('', CASE WHEN a."ID" IS DISTINCT FROM s."ID" THEN '0,' ELSE '' END, CASE WHEN a."ITEM_ID" IS DISTINCT FROM s."ITEM_ID" THEN '1,' ELSE '' END, CASE WHEN a."V" IS DISTINCT FROM s."V" THEN '2,' ELSE '' END, CASE WHEN a."LOOSE" IS DISTINCT FROM s."LOOSE" THEN '3,' ELSE '' END, CASE WHEN a."LABEL" IS DISTINCT FROM s."LABEL" THEN '4,' ELSE '' END, CASE WHEN a."CODE" IS DISTINCT FROM s."CODE" THEN '5,' ELSE '' END, CASE WHEN a."COUNT" IS DISTINCT FROM s."COUNT" THEN '6,' ELSE '' END, CASE WHEN a."SMALL" IS DISTINCT FROM s."SMALL" THEN '7,' ELSE '' END, CASE WHEN a."AMOUNT" IS DISTINCT FROM s."AMOUNT" THEN '8,' ELSE '' END, CASE WHEN a."CURRENCY" IS DISTINCT FROM s."CURRENCY" THEN '9,' ELSE '' END, CASE WHEN a."RATE" IS DISTINCT FROM s."RATE" THEN '10,' ELSE '' END, CASE WHEN a."FLAG" IS DISTINCT FROM s."FLAG" THEN '11,' ELSE '' END, CASE WHEN a."DAY" IS DISTINCT FROM s."DAY" THEN '12,' ELSE '' END, CASE WHEN a."AT" IS DISTINCT FROM s."AT" THEN '13,' ELSE '' END, CASE WHEN a."LOCAL_AT" IS DISTINCT FROM s."LOCAL_AT" THEN '14,' ELSE '' END, CASE WHEN a."REF" IS DISTINCT FROM s."REF" THEN '15,' ELSE '' END) END AS differing_columns,
  CASE WHEN a."ID" IS NOT NULL THEN TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('id', SUBSTR(CAST(a."ID" AS VARCHAR), 1, 200), 'item_id', SUBSTR(CAST(a."ITEM_ID" AS VARCHAR), 1, 200), 'v', SUBSTR(CAST(a."V" AS VARCHAR), 1, 200), 'loose', SUBSTR(CAST(a."LOOSE" AS VARCHAR), 1, 200), 'label', SUBSTR(CAST(a."LABEL" AS VARCHAR), 1, 200), 'code', SUBSTR(CAST(a."CODE" AS VARCHAR), 1, 200), 'count', SUBSTR(CAST(a."COUNT" AS VARCHAR), 1, 200), 'small', SUBSTR(CAST(a."SMALL" AS VARCHAR), 1, 200), 'amount', SUBSTR(CAST(a."AMOUNT" AS VARCHAR), 1, 200), 'currency', SUBSTR(CAST(a."CURRENCY" AS VARCHAR), 1, 200), 'rate', SUBSTR(CAST(a."RATE" AS VARCHAR), 1, 200), 'flag', SUBSTR(CAST(a."FLAG" AS VARCHAR), 1, 200), 'day', SUBSTR(CAST(a."DAY" AS VARCHAR), 1, 200), 'at', SUBSTR(CAST(a."AT" AS VARCHAR), 1, 200), 'local_at', SUBSTR(CAST(a."LOCAL_AT" AS VARCHAR), 1, 200), 'ref', SUBSTR(CAST(a."REF" AS VARCHAR), 1, 200))) END AS source_values,
  CASE WHEN s."ID" IS NOT NULL THEN TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL('id', SUBSTR(CAST(s."ID" AS VARCHAR), 1, 200), 'item_id', SUBSTR(CAST(s."ITEM_ID" AS VARCHAR), 1, 200), 'v', SUBSTR(CAST(s."V" AS VARCHAR), 1, 200), 'loose', SUBSTR(CAST(s."LOOSE" AS VARCHAR), 1, 200), 'label', SUBSTR(CAST(s."LABEL" AS VARCHAR), 1, 200), 'code', SUBSTR(CAST(s."CODE" AS VARCHAR), 1, 200), 'count', SUBSTR(CAST(s."COUNT" AS VARCHAR), 1, 200), 'small', SUBSTR(CAST(s."SMALL" AS VARCHAR), 1, 200), 'amount', SUBSTR(CAST(s."AMOUNT" AS VARCHAR), 1, 200), 'currency', SUBSTR(CAST(s."CURRENCY" AS VARCHAR), 1, 200), 'rate', SUBSTR(CAST(s."RATE" AS VARCHAR), 1, 200), 'flag', SUBSTR(CAST(s."FLAG" AS VARCHAR), 1, 200), 'day', SUBSTR(CAST(s."DAY" AS VARCHAR), 1, 200), 'at', SUBSTR(CAST(s."AT" AS VARCHAR), 1, 200), 'local_at', SUBSTR(CAST(s."LOCAL_AT" AS VARCHAR), 1, 200), 'ref', SUBSTR(CAST(s."REF" AS VARCHAR), 1, 200))) END AS live_values
FROM (
WITH counted AS (
SELECT n.* FROM (
  SELECT c."ID", c._source_minor, c._source_currency, c._live_minor, c._live_currency, CASE c._state WHEN 'gone' THEN 'delete_pending' WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why
  FROM "COMPARED_APP_ITEMS" c WHERE NOT c._state IN ('differs', 'absent')
  UNION ALL
  SELECT d."ID", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why FROM "SETTLED_APP_ITEMS" d
) n WHERE n._term = 'break'
)
SELECT f."ID", f._why, f._source_minor, f._source_currency, f._live_minor, f._live_currency, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS all_keys
FROM counted f ORDER BY f."ID" LIMIT 1000
) f
LEFT JOIN "AGAIN_APP_ITEMS" a ON a."ID" = f."ID" AND a._nth = 1
LEFT JOIN STAGING."APP_ITEMS__ROWS" s ON s."ID" = f."ID" AND s._deleted_at IS NULL
ORDER BY f."ID";
