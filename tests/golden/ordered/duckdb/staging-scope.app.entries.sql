UPDATE staging."app_entries__rows" SET _scope = u._scope, _order = u._order, _position = u._position, _batch_id = 'b_8_app.entries', _seq = 8
FROM (
  SELECT s."id", MAX_BY(l._scope, l._order) AS _scope, MAX_BY(l._position, l._order) AS _position, MAX(l._order) AS _order FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class = 'unchanged'
  JOIN staging."app_entries__rows" s ON s."id" = l."id"
  LEFT JOIN (SELECT DISTINCT c._scope FROM (SELECT k."_scope" AS _scope FROM raw."app_entries__scopes" k WHERE k."_batch_id" = 'b_8_app.entries') c) c ON c._scope = s._scope
  WHERE l._origin = 0 GROUP BY s."id", s._scope, s._order, c._scope HAVING MAX(l._order) > s._order OR (c._scope IS NOT NULL AND count(*) FILTER (WHERE l._scope = s._scope AND l._order = s._order) = 0)
) u
WHERE staging."app_entries__rows"."id" = u."id";
