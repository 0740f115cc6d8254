UPDATE STAGING."APP_ENTRIES__ROWS" SET _scope = u._scope, _order = u._order, _position = u._position, _batch_id = 'b_8_app.entries', _seq = 8
FROM (
  SELECT s."ID", MAX_BY(l._scope, l._order) AS _scope, MAX_BY(l._position, l._order) AS _position, MAX(l._order) AS _order FROM "LABEL_APP_ENTRIES" l
  JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row AND v._class = 'unchanged'
  JOIN STAGING."APP_ENTRIES__ROWS" s ON s."ID" = l."ID"
  LEFT JOIN (SELECT DISTINCT c._scope FROM (SELECT k."_SCOPE" AS _scope FROM "RAW_APP_ENTRIES__SCOPES" k WHERE k."_BATCH_ID" = 'b_8_app.entries') c) c ON c._scope = s._scope
  WHERE l._origin = 0 GROUP BY s."ID", s._scope, s._order, c._scope HAVING MAX(l._order) > s._order OR (c._scope IS NOT NULL AND COUNT(CASE WHEN l._scope = s._scope AND l._order = s._order THEN 1 END) = 0)
) u
WHERE STAGING."APP_ENTRIES__ROWS"."ID" = u."ID";
