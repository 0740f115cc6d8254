INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'small', k.business_key, 'mended', k.found_in, TIMESTAMP '2026-11-01 02:00:00.000'
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'small'
AND f.business_key IN (SELECT CAST(t."entry_id" AS VARCHAR) FROM temp."touched_entry" t)
AND NOT EXISTS (
  SELECT 1 FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL AND (NOT (amount < 1000
))) b WHERE b.business_key = f.business_key
)
) k;
