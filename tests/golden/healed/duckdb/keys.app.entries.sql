CREATE OR REPLACE TEMP TABLE "keys_app_entries" AS
SELECT k."id" FROM temp."label_app_entries" k WHERE k._origin = 0;
