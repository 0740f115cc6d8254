UPDATE staging."app_entries__rows" SET _scope = u._scope
FROM (
  SELECT s."id", MIN(l._scope) AS _scope FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class <> 'superseded'
  JOIN staging."app_entries__rows" s ON s."id" = l."id"
  WHERE l._origin = 0 GROUP BY s."id", s._scope HAVING count(*) FILTER (WHERE l._scope = s._scope) = 0
) u
WHERE staging."app_entries__rows"."id" = u."id";
