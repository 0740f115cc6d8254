INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_once', k.business_key, 'found', k.found_in, TIMESTAMP '2026-11-01 02:00:00.000'
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c JOIN (
    SELECT g."memo" AS _key0 FROM curated."entry__rows" g JOIN (SELECT DISTINCT w."memo" AS _key0 FROM curated."entry__rows" w WHERE w._publication = 2 AND w.deleted_at IS NULL) f ON f._key0 = g."memo" WHERE g.deleted_at IS NULL GROUP BY g."memo" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."memo" WHERE c.deleted_at IS NULL) b
WHERE NOT EXISTS (SELECT 1 FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_once' AND f.business_key = b.business_key)
) k;
