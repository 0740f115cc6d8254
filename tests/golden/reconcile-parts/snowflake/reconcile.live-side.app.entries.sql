CREATE OR REPLACE TEMPORARY TABLE "LIVE_SIDE_APP_ENTRIES" AS
SELECT s."ID",
  MD5(CONCAT('LLH2|app.entries.v1.0.0|', COALESCE(TO_VARCHAR(s."ID"), ''), '|', COALESCE(CAST(CAST(BIT_LENGTH(s."ENTRY_ID") / 8 AS NUMBER(38, 0)) AS VARCHAR), ''), ':', COALESCE(s."ENTRY_ID", ''), '|', COALESCE(CAST(CAST(BIT_LENGTH(s."ACCOUNT_ID") / 8 AS NUMBER(38, 0)) AS VARCHAR), ''), ':', COALESCE(s."ACCOUNT_ID", ''), '|', COALESCE(TO_VARCHAR(s."AMOUNT"), ''), '|', COALESCE(CAST(CAST(BIT_LENGTH(s."CURRENCY") / 8 AS NUMBER(38, 0)) AS VARCHAR), ''), ':', COALESCE(s."CURRENCY", ''), '|', COALESCE(CAST(CAST(BIT_LENGTH(s."MEMO") / 8 AS NUMBER(38, 0)) AS VARCHAR), ''), ':', COALESCE(s."MEMO", ''))) AS _content,
  s."MEMO" AS _version,
  s._batch_id,
  s._seq,
  (s._batch_id IN (SELECT b.batch_id FROM OPS."BATCH" b WHERE (b.number >= 2)) OR s._batch_id NOT IN (SELECT b.batch_id FROM OPS."BATCH" b) OR s._batch_id IS NULL) AS _judged,
  s._minor,
  s._currency
FROM STAGING."APP_ENTRIES__ROWS" s
LEFT JOIN (SELECT DISTINCT n."ID" FROM (
  SELECT p.* FROM "LANDED_APP_ENTRIES__ROWS_0" p
  ) n) k ON k."ID" = s."ID"
WHERE s._deleted_at IS NULL AND ((s._batch_id IN (SELECT b.batch_id FROM OPS."BATCH" b WHERE (b.number >= 2)) OR s._batch_id NOT IN (SELECT b.batch_id FROM OPS."BATCH" b) OR s._batch_id IS NULL) OR k."ID" IS NOT NULL);
