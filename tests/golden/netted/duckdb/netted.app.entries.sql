CREATE OR REPLACE TEMP TABLE "netted_app_entries" AS
SELECT l."id", COALESCE(v._class, 'inserted') AS _how FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
WHERE l._origin = 0 AND COALESCE(v._class, 'inserted') IN ('inserted', 'updated')
UNION ALL
SELECT g."id", 'vanished' AS _how FROM temp."vanished_app_entries" g;
