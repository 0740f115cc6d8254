CREATE OR REPLACE TEMP TABLE "again_app_entries" AS
SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r."id" ORDER BY CASE WHEN s._batch_id = r._batch_id AND (r."id" IS DISTINCT FROM s."id" OR r."entry_id" IS DISTINCT FROM s."entry_id" OR r."account_id" IS DISTINCT FROM s."account_id" OR r."amount" IS DISTINCT FROM s."amount" OR r."currency" IS DISTINCT FROM s."currency" OR r."memo" IS DISTINCT FROM s."memo") THEN 0 ELSE 1 END, r._seq DESC, r._version DESC NULLS LAST) AS _nth FROM (
  SELECT p.* FROM temp."landed_app_entries__again_0" p
) r LEFT JOIN staging."app_entries__rows" s ON s."id" = r."id" AND s._deleted_at IS NULL;
