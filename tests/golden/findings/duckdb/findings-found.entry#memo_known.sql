INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_known', k.business_key, 'found', k.found_in, TIMESTAMP '2026-11-01 02:00:00.000'
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c
    ANTI JOIN curated."account__rows" p ON p."account_id" = c."memo"
    WHERE c.deleted_at IS NULL AND c."memo" IS NOT NULL) b
WHERE NOT EXISTS (SELECT 1 FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_known' AND f.business_key = b.business_key)
) k;
