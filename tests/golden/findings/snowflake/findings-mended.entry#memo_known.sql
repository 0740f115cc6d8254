INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-3', 'desk', 3, 'entry', 'memo_known', k.business_key, 'mended', k.found_in, CAST('2026-11-01 03:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT f.business_key, f.publication_id AS found_in FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_known'
AND NOT EXISTS (
  SELECT 1 FROM (SELECT CAST(c."ENTRY_ID" AS VARCHAR) AS business_key FROM CURATED."ENTRY__ROWS" c
    WHERE c.deleted_at IS NULL
      AND c."MEMO" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM CURATED."ACCOUNT__ROWS" p WHERE p."ACCOUNT_ID" = c."MEMO")) b WHERE b.business_key = f.business_key
)
) k;
