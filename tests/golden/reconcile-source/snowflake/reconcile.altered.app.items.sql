CREATE OR REPLACE TEMPORARY TABLE "ALTERED_APP_ITEMS" AS
SELECT DISTINCT u."ID" FROM "OLDER_APP_ITEMS" u
LEFT JOIN (
  SELECT p.* FROM "LANDED_APP_ITEMS__ROWS_0" p
) p ON p."ID" = u."ID" AND p._batch_id = u._batch_id AND p._content = u._content AND NOT p._misread
WHERE u._suspect = 1 AND p."ID" IS NULL;
