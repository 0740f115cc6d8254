CREATE OR REPLACE TEMP TABLE "again_app_entries" AS
SELECT r.*, ROW_NUMBER() OVER (PARTITION BY r."id" ORDER BY CASE WHEN s._batch_id = r._batch_id THEN 0 ELSE 1 END, r._seq DESC, r._version DESC NULLS LAST) AS _nth FROM (
  SELECT p.* FROM temp."landed_app_entries__again_0" p
) r LEFT JOIN staging."app_entries__rows" s ON s."id" = r."id" AND s._deleted_at IS NULL;
