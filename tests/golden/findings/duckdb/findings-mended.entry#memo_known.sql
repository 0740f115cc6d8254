INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-3', 'desk', 3, 'entry', 'memo_known', k.business_key, 'mended', k.found_in, TIMESTAMP '2026-11-01 03:00:00.000'
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_known'
AND NOT EXISTS (
  SELECT 1 FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c
    ANTI JOIN curated."account__rows" p ON p."account_id" = c."memo"
    WHERE c.deleted_at IS NULL AND c."memo" IS NOT NULL) b WHERE b.business_key = f.business_key
)
) k;
