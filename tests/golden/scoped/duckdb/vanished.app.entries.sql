CREATE OR REPLACE TEMP TABLE "vanished_app_entries" AS
SELECT s."id", s._currency, s._minor
FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp."keys_app_entries" k WHERE k."id" = s."id") AND s._seq <= 3 AND s._scope IN (SELECT k."_scope" AS _scope FROM raw."app_entries__scopes" k WHERE k."_batch_id" = 'b_3_app.entries') AND NOT EXISTS (SELECT 1 FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.source_key = CAST(s."id" AS VARCHAR) AND (q.seq > 3 OR NOT COALESCE(q.scope, '') IN (SELECT k."_scope" AS _scope FROM raw."app_entries__scopes" k WHERE k."_batch_id" = 'b_3_app.entries')))
UNION
SELECT s."id", s._currency, s._minor
FROM staging."app_entries__rows" s
WHERE s._deleted_at IS NULL AND EXISTS (SELECT 1 FROM temp."deleted_app_entries" x WHERE x."id" = s."id");
