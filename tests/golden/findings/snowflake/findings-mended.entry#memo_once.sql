INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_once', k.business_key, 'mended', k.found_in, CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_once'
AND NOT EXISTS (
  SELECT 1 FROM (SELECT CAST(c."ENTRY_ID" AS VARCHAR) AS business_key FROM CURATED."ENTRY__ROWS" c JOIN (
    SELECT g."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" g WHERE g.deleted_at IS NULL GROUP BY g."MEMO" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."MEMO" WHERE c.deleted_at IS NULL) b WHERE b.business_key = f.business_key
)
) k;
