INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-3', 'desk', 3, 'entry', 'memo_once', k.business_key, 'dropped', k.found_in, CAST('2026-11-01 03:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_once'
) k;
