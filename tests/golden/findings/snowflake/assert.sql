SELECT 'entry' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM "TOUCHED_ENTRY" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(COUNT(CASE WHEN c._publication < 2 AND c.deleted_at IS NULL THEN 1 END) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM "TOUCHED_ENTRY" k) AS VARCHAR)) FROM "TOUCHED_ENTRY" t LEFT JOIN CURATED."ENTRY__ROWS" c ON c."ENTRY_ID" = t."ENTRY_ID") AS suspect,
  (SELECT CONCAT_WS(',', CAST(COUNT(CASE WHEN c.deleted_at IS NULL THEN 1 END) AS VARCHAR), CAST(COUNT(CASE WHEN c.deleted_at IS NOT NULL THEN 1 END) AS VARCHAR)) FROM CURATED."ENTRY__ROWS" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'breaking.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(COUNT(CASE WHEN NOT (amount < 1000
) THEN 1 END) AS VARCHAR)) FROM CURATED."ENTRY__ROWS" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM CURATED."ENTRY__ROWS" c JOIN (
    SELECT g."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" g JOIN (SELECT DISTINCT w."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" w WHERE w._publication = 2 AND w.deleted_at IS NULL) f ON f._key0 = g."MEMO" WHERE g.deleted_at IS NULL GROUP BY g."MEMO" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."MEMO" WHERE c.deleted_at IS NULL) AS VARCHAR)) AS of_keys
) q
UNION ALL
SELECT 'breaking-all.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT NULL AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM CURATED."ENTRY__ROWS" c
    WHERE c.deleted_at IS NULL
      AND c."MEMO" IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM CURATED."ACCOUNT__ROWS" p WHERE p."ACCOUNT_ID" = c."MEMO")) AS VARCHAR), CAST((SELECT COUNT(*) FROM CURATED."ENTRY__ROWS" c JOIN (
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
  ) d ON d."MEMO" = c."MEMO" WHERE c.deleted_at IS NULL AND (d._usual IS NULL OR SHA2(COALESCE(TO_VARCHAR(LENGTH(CAST(c."CURRENCY" AS VARCHAR))) || ':' || CAST(c."CURRENCY" AS VARCHAR), '-'), 256) <> d._usual)) AS VARCHAR)) AS of_keys
) q;
