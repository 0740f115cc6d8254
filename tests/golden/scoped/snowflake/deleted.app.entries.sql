CREATE OR REPLACE TEMPORARY TABLE "DELETED_APP_ENTRIES" AS
SELECT k."ID"
FROM (
  SELECT d."ID", CASE WHEN COUNT(*) = COUNT(d._stamp) THEN MAX(d._stamp) END AS _stamp FROM (
    SELECT CAST(TRY_TO_DECIMAL(k."ID", 38, 0) AS NUMBER(38, 0)) AS "ID", k."_STAMP" AS _stamp FROM "RAW_APP_ENTRIES__DELETES" k WHERE k."_BATCH_ID" = 'b_3_app.entries'
  ) d GROUP BY d."ID"
) k
WHERE NOT EXISTS (SELECT 1 FROM "LABEL_APP_ENTRIES" r WHERE r._origin = 0 AND r."ID" = k."ID" AND r."MEMO" > k._stamp)
  AND NOT EXISTS (SELECT 1 FROM STAGING."APP_ENTRIES__ROWS" r WHERE r._deleted_at IS NULL AND r."ID" = k."ID" AND (r._seq > 3 OR r."MEMO" > k._stamp))
  AND NOT EXISTS (SELECT 1 FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries' AND q.source_key = CAST(k."ID" AS VARCHAR) AND (q.seq > 3 OR q.version > k._stamp));
