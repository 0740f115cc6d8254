INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-3', 'desk', 3, 'entry', 'memo_currency', k.business_key, 'dropped', k.found_in, TIMESTAMP '2026-11-01 03:00:00.000'
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_currency'
) k;
