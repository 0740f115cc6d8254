SELECT 'entry' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_entry" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 3 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_entry" k) AS VARCHAR)) FROM temp."touched_entry" t LEFT JOIN curated."entry__rows" c ON c."entry_id" = t."entry_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 3) AS written
) q
UNION ALL
SELECT 'breaking.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
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
