INSERT INTO OPS."CURATED_FINDING_EVENT" (publication_id, run_group, number, curated, rule, business_key, event, found_in, happened_at)
SELECT 'desk-2', 'desk', 2, 'entry', 'memo_currency', k.business_key, 'found', k.found_in, CAST('2026-11-01 02:00:00.000' AS TIMESTAMP_NTZ(6))
FROM (
SELECT b.business_key, 'desk-2' AS found_in
FROM (SELECT CAST(c."ENTRY_ID" AS VARCHAR) AS business_key FROM CURATED."ENTRY__ROWS" c JOIN (
  SELECT n."MEMO", MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT c."MEMO", c._value, c._rows, SUM(CAST(c._rows AS NUMBER(38, 0))) OVER (PARTITION BY c."MEMO") AS _all
    FROM (
      SELECT r."MEMO", r._value, COUNT(*) AS _rows
      FROM (
        SELECT g."MEMO", SHA2(COALESCE(TO_VARCHAR(LENGTH(CAST(g."CURRENCY" AS VARCHAR))) || ':' || CAST(g."CURRENCY" AS VARCHAR), '-'), 256) AS _value FROM CURATED."ENTRY__ROWS" g
        WHERE g.deleted_at IS NULL AND g."MEMO" IS NOT NULL
      ) r GROUP BY r."MEMO", r._value
    ) c
  ) n GROUP BY n."MEMO" HAVING COUNT(*) > 1
  ) d ON d."MEMO" = c."MEMO" WHERE c.deleted_at IS NULL AND (d._usual IS NULL OR SHA2(COALESCE(TO_VARCHAR(LENGTH(CAST(c."CURRENCY" AS VARCHAR))) || ':' || CAST(c."CURRENCY" AS VARCHAR), '-'), 256) <> d._usual)) b
WHERE NOT EXISTS (SELECT 1 FROM OPS."CURATED_FINDING" f WHERE f.curated = 'entry' AND f.rule = 'memo_currency' AND f.business_key = b.business_key)
) k;
