INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_known', k.business_key, 'found', k.found_in, CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."ENTRY_ID" AS VARCHAR) AS business_key FROM CURATED."ENTRY__ROWS" c
    WHERE c.deleted_at IS NULL
      AND c."MEMO" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM CURATED."ACCOUNT__ROWS" p WHERE p."ACCOUNT_ID" = c."MEMO")) b
WHERE NOT EXISTS (SELECT 1 FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_known' AND f.business_key = b.business_key)
) k;
