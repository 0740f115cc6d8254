UPDATE STAGING."APP_ENTRIES__ROWS" SET _scope = u._scope
FROM (
  SELECT s."ID", MIN(l._scope) AS _scope FROM "LABEL_APP_ENTRIES" l
  JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row AND v._class <> 'superseded'
  JOIN STAGING."APP_ENTRIES__ROWS" s ON s."ID" = l."ID"
  WHERE l._origin = 0 GROUP BY s."ID", s._scope HAVING COUNT(CASE WHEN l._scope = s._scope THEN 1 END) = 0
) u
WHERE STAGING."APP_ENTRIES__ROWS"."ID" = u."ID";
