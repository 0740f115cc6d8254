CREATE OR REPLACE TEMP TABLE "touched_subscription" AS
SELECT c."subscription_id" FROM curated."subscription__rows" c WHERE 1 = 0;
