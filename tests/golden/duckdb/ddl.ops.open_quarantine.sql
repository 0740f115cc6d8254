CREATE OR REPLACE VIEW ops."open_quarantine" AS
SELECT q.* FROM ops."quarantine_row" q
WHERE NOT EXISTS (SELECT 1 FROM ops."quarantine_event" e WHERE e.row_id = q.row_id);
