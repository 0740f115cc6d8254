INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_once', k.business_key, 'found', k.found_in, CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."ENTRY_ID" AS VARCHAR) AS business_key FROM CURATED."ENTRY__ROWS" c JOIN (
    SELECT g."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" g JOIN (SELECT DISTINCT w."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" w WHERE w._publication = 2 AND w.deleted_at IS NULL) f ON f._key0 = g."MEMO" WHERE g.deleted_at IS NULL GROUP BY g."MEMO" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."MEMO" WHERE c.deleted_at IS NULL) b
WHERE NOT EXISTS (SELECT 1 FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_once' AND f.business_key = b.business_key)
) k;
