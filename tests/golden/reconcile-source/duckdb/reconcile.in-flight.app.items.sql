SELECT DISTINCT CAST(n."id" AS VARCHAR) AS key_text FROM (
  SELECT c."id", c._source_minor, c._source_currency, c._live_minor, c._live_currency, CASE c._state WHEN 'gone' THEN 'delete_pending' WHEN 'copy' THEN 'break' ELSE c._state END AS _term, c._state AS _why, 1 AS _nth
  FROM temp."compared_app_items" c WHERE NOT c._state IN ('differs', 'absent', 'further')
  UNION ALL
  SELECT d."id", d._source_minor, d._source_currency, d._live_minor, d._live_currency, d._term, d._why, d._nth FROM temp."settled_app_items" d
) n WHERE n._term = 'in_flight' AND CAST(n."id" AS VARCHAR) IN ('1', '2');
