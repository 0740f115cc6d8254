INSERT INTO "VANISHED_APP_ENTRIES"
SELECT s."ID", s._currency, s._minor
FROM STAGING."APP_ENTRIES__ROWS" s JOIN (SELECT DISTINCT c._scope FROM (SELECT k."_SCOPE" AS _scope FROM "RAW_APP_ENTRIES__SCOPES" k WHERE k."_BATCH_ID" = 'b_8_app.entries') c) c ON c._scope = s._scope
WHERE s._deleted_at IS NULL AND s._seq <= 8
  AND EXISTS (SELECT 1 FROM "LABEL_APP_ENTRIES" l WHERE l._origin = 0 AND l."ID" = s."ID")
  AND NOT EXISTS (SELECT 1 FROM "LABEL_APP_ENTRIES" l WHERE l._origin = 0 AND l."ID" = s."ID" AND l._scope = s._scope)
  AND NOT EXISTS (SELECT 1 FROM "LABEL_APP_ENTRIES" l LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row
    WHERE l."ID" = s."ID" AND COALESCE(v._class, 'inserted') IN ('inserted', 'updated', 'unchanged'));
