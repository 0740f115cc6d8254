SELECT 'entry' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_entry" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 2 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_entry" k) AS VARCHAR)) FROM temp."touched_entry" t LEFT JOIN curated."entry__rows" c ON c."entry_id" = t."entry_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 2) AS written
) q
UNION ALL
SELECT 'breaking.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE NOT (amount < 1000
)) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 2 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN (
    SELECT g."memo" AS _key0 FROM curated."entry__rows" g JOIN (SELECT DISTINCT w."memo" AS _key0 FROM curated."entry__rows" w WHERE w._publication = 2 AND w.deleted_at IS NULL) f ON f._key0 = g."memo" WHERE g.deleted_at IS NULL GROUP BY g."memo" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."memo" WHERE c.deleted_at IS NULL) AS VARCHAR)) AS of_keys
) q
UNION ALL
SELECT 'breaking-all.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT NULL AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."entry__rows" c
    ANTI JOIN curated."account__rows" p ON p."account_id" = c."memo"
    WHERE c.deleted_at IS NULL AND c."memo" IS NOT NULL) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN (
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
  ) d ON d."memo" = c."memo" WHERE c.deleted_at IS NULL AND (d._usual IS NULL OR (CAST(hash(CAST(c."currency" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(c."currency" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) <> d._usual)) AS VARCHAR)) AS of_keys
) q;
