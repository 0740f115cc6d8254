CREATE OR REPLACE TEMP TABLE "altered_app_items" AS
SELECT DISTINCT u."id" FROM temp."older_app_items" u
WHERE u._suspect = 1 AND NOT EXISTS (SELECT 1 FROM (
  SELECT p.* FROM temp."landed_app_items__rows_0" p
) p WHERE p."id" = u."id" AND p._batch_id = u._batch_id AND p._content = u._content AND NOT p._misread);
