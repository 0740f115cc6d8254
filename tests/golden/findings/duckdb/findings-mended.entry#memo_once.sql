INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_once', k.business_key, 'mended', k.found_in, TIMESTAMP '2026-11-01 02:00:00.000'
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_once'
AND NOT EXISTS (
  SELECT 1 FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c JOIN (
    SELECT g."memo" AS _key0 FROM curated."entry__rows" g WHERE g.deleted_at IS NULL GROUP BY g."memo" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."memo" WHERE c.deleted_at IS NULL) b WHERE b.business_key = f.business_key
)
) k;
