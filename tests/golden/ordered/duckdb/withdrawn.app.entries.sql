INSERT INTO temp."vanished_app_entries"
SELECT s."id", s._currency, s._minor
FROM staging."app_entries__rows" s JOIN (SELECT DISTINCT c._scope FROM (SELECT k."_scope" AS _scope FROM raw."app_entries__scopes" k WHERE k."_batch_id" = 'b_8_app.entries') c) c ON c._scope = s._scope
WHERE s._deleted_at IS NULL AND s._seq <= 8
  AND EXISTS (SELECT 1 FROM temp."label_app_entries" l WHERE l._origin = 0 AND l."id" = s."id")
  AND NOT EXISTS (SELECT 1 FROM temp."label_app_entries" l WHERE l._origin = 0 AND l."id" = s."id" AND l._scope = s._scope)
  AND NOT EXISTS (SELECT 1 FROM temp."label_app_entries" l LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
    WHERE l."id" = s."id" AND COALESCE(v._class, 'inserted') IN ('inserted', 'updated', 'unchanged'));
