SELECT 'entry' AS question, '=' || CAST(q.keys AS VARCHAR) AS c0, '=' || CAST(q.written AS VARCHAR) AS c1 FROM (
SELECT CONCAT_WS(',', CAST((SELECT COUNT(*) FROM temp."touched_entry" t) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN temp."touched_entry" t ON c."entry_id" = t."entry_id" WHERE c._publication < 3 AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM curated."entry__rows" n WHERE n._publication = 3 AND n."entry_id" = c."entry_id")) AS VARCHAR), CAST((SELECT COALESCE(SUM(CAST(g.n - 1 AS HUGEINT)), 0) FROM (SELECT COUNT(*) AS n FROM curated."entry__rows" c JOIN temp."touched_entry" t ON c."entry_id" = t."entry_id" GROUP BY c."entry_id" HAVING COUNT(*) > 1) g) AS VARCHAR)) AS keys,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 3) AS written
) q
UNION ALL
SELECT 'breaking.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."entry_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 3 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."entry__rows" c
    ANTI JOIN curated."account__rows" p ON p."account_id" = c."account_id"
    WHERE c._publication = 3 AND c.deleted_at IS NULL AND c."account_id" IS NOT NULL) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN (
  SELECT n."currency", MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT c."currency", c._value, c._rows, SUM(CAST(c._rows AS HUGEINT)) OVER (PARTITION BY c."currency") AS _all
    FROM (
      SELECT r."currency", r._value, COUNT(*) AS _rows
      FROM (
        SELECT g."currency", (CAST(hash(CAST(g."memo" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(g."memo" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) AS _value FROM curated."entry__rows" g JOIN (SELECT w."currency" FROM curated."entry__rows" w WHERE w._publication = 3 AND w.deleted_at IS NULL
    UNION SELECT h."currency" FROM history."entry" h WHERE h._to_publication = 3) f ON f."currency" = g."currency"
        WHERE g.deleted_at IS NULL AND g."currency" IS NOT NULL
      ) r GROUP BY r."currency", r._value
    ) c
  ) n GROUP BY n."currency" HAVING COUNT(*) > 1
  ) d ON d."currency" = c."currency" WHERE c.deleted_at IS NULL) AS VARCHAR)) AS of_keys
) q;
