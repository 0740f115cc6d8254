CREATE OR REPLACE TEMP TABLE "live_side_app_items" AS
SELECT s."id",
  MD5(CONCAT('LLH2|app.items.v1.0.0|', COALESCE(CAST(s."id" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."item_id") AS VARCHAR), ''), ':', COALESCE(s."item_id", ''), '|', COALESCE(CAST(s."v" AS VARCHAR), ''), '|', COALESCE(CAST(s."loose" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."label") AS VARCHAR), ''), ':', COALESCE(s."label", ''), '|', COALESCE(CAST(strlen(s."code") AS VARCHAR), ''), ':', COALESCE(s."code", ''), '|', COALESCE(CAST(s."count" AS VARCHAR), ''), '|', COALESCE(CAST(s."small" AS VARCHAR), ''), '|', COALESCE(CAST(s."amount" AS VARCHAR), ''), '|', COALESCE(CAST(strlen(s."currency") AS VARCHAR), ''), ':', COALESCE(s."currency", ''), '|', COALESCE(CAST(s."rate" AS VARCHAR), ''), '|', COALESCE(CASE WHEN s."flag" THEN 't' WHEN NOT s."flag" THEN 'f' END, ''), '|', COALESCE(CAST(s."day" AS VARCHAR), ''), '|', COALESCE(CAST(s."at" AS VARCHAR) || '+00', ''), '|', COALESCE(CAST(s."local_at" AS VARCHAR) || '+00', ''), '|', COALESCE(CAST(strlen(s."ref") AS VARCHAR), ''), ':', COALESCE(s."ref", ''))) AS _content,
  s._publication > 2 AS _later,
  s._minor,
  s._currency
FROM staging."app_items__rows" s
WHERE s._deleted_at IS NULL;
