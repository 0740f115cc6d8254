CREATE OR REPLACE TEMP TABLE "altered_app_items" AS
SELECT DISTINCT u."id" FROM temp."older_app_items" u
WHERE u._suspect = 1;
