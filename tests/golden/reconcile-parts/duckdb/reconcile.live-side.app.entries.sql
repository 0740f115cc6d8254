CREATE OR REPLACE TEMP TABLE "live_side_app_entries" AS
SELECT s."id",
  MD5(CONCAT('LLH2|app.entries.v1.0.0|', COALESCE(CAST(s."id" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."entry_id") AS VARCHAR), ''), ':', COALESCE(s."entry_id", ''), '|', COALESCE(CAST(strlen(s."account_id") AS VARCHAR), ''), ':', COALESCE(s."account_id", ''), '|', COALESCE(CAST(s."amount" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."currency") AS VARCHAR), ''), ':', COALESCE(s."currency", ''), '|', COALESCE(CAST(strlen(s."memo") AS VARCHAR), ''), ':', COALESCE(s."memo", ''))) AS _content,
  s."memo" AS _version,
  s._batch_id,
  s._seq,
  (s._batch_id IN (SELECT b.batch_id FROM ops."batch" b WHERE (b.number >= 2)) OR s._batch_id NOT IN (SELECT b.batch_id FROM ops."batch" b) OR s._batch_id IS NULL) AS _judged,
  s._minor,
  s._currency
FROM staging."app_entries__rows" s
LEFT JOIN (SELECT DISTINCT n."id" FROM (
  SELECT p.* FROM temp."landed_app_entries__rows_0" p
  ) n) k ON k."id" = s."id"
WHERE s._deleted_at IS NULL AND ((s._batch_id IN (SELECT b.batch_id FROM ops."batch" b WHERE (b.number >= 2)) OR s._batch_id NOT IN (SELECT b.batch_id FROM ops."batch" b) OR s._batch_id IS NULL) OR k."id" IS NOT NULL);
