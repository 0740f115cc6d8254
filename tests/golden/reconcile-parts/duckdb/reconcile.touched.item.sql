CREATE OR REPLACE TEMP TABLE "touched_item" AS
SELECT DISTINCT k."item_id" FROM (
    SELECT r."item_id" AS "item_id" FROM (SELECT s."id", s."item_id", s."v", s."loose", s."label", s."code", s."count", s."small", s."amount", s."currency", s."rate", s."flag", s."day", s."at", s."local_at", s."ref" FROM staging."app_items__rows" s WHERE s._publication > 0) r
    UNION ALL
    SELECT c."item_id" FROM curated."item__rows" c WHERE c._publication > 0
) k WHERE k."item_id" IS NOT NULL;
