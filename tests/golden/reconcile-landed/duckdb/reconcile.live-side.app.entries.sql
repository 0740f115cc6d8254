CREATE OR REPLACE TEMP TABLE "live_side_app_entries" AS
SELECT s."id",
  MD5(CONCAT('LLH2|app.entries.v1.0.0|', COALESCE(CAST(s."id" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."entry_id") AS VARCHAR), ''), ':', COALESCE(s."entry_id", ''), '|', COALESCE(CAST(strlen(s."account_id") AS VARCHAR), ''), ':', COALESCE(s."account_id", ''), '|', COALESCE(CAST(s."amount" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."currency") AS VARCHAR), ''), ':', COALESCE(s."currency", ''), '|', COALESCE(CAST(strlen(s."memo") AS VARCHAR), ''), ':', COALESCE(s."memo", ''))) AS _content,
  s."memo" AS _version,
  s._batch_id,
  s._seq,
  TRUE AS _judged,
  s._minor,
  s._currency
FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL;
