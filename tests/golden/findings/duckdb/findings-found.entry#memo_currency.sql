INSERT INTO ops."curated_finding_event" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_currency', k.business_key, 'found', k.found_in, TIMESTAMP '2026-11-01 02:00:00.000'
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."entry_id" AS VARCHAR) AS business_key FROM curated."entry__rows" c JOIN (
  SELECT n."memo", MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT c."memo", c._value, c._rows, SUM(CAST(c._rows AS HUGEINT)) OVER (PARTITION BY c."memo") AS _all
    FROM (
      SELECT r."memo", r._value, COUNT(*) AS _rows
      FROM (
        SELECT g."memo", (CAST(hash(CAST(g."currency" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(g."currency" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) AS _value FROM curated."entry__rows" g
        WHERE g.deleted_at IS NULL AND g."memo" IS NOT NULL
      ) r GROUP BY r."memo", r._value
    ) c
  ) n GROUP BY n."memo" HAVING COUNT(*) > 1
  ) d ON d."memo" = c."memo" WHERE c.deleted_at IS NULL AND (d._usual IS NULL OR (CAST(hash(CAST(c."currency" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(c."currency" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) <> d._usual)) b
WHERE NOT EXISTS (SELECT 1 FROM ops."curated_finding" f WHERE f.curated = 'entry' AND f.rule = 'memo_currency' AND f.business_key = b.business_key)
) k;
