CREATE OR REPLACE TEMPORARY TABLE "NETTED_APP_ENTRIES" AS
SELECT l."ID", COALESCE(v._class, 'inserted') AS _how FROM "LABEL_APP_ENTRIES" l
  LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row
WHERE l._origin = 0 AND COALESCE(v._class, 'inserted') IN ('inserted', 'updated')
UNION ALL
SELECT g."ID", 'vanished' AS _how FROM "VANISHED_APP_ENTRIES" g;
