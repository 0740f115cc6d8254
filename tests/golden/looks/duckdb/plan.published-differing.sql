SELECT CAST(COUNT(*) AS VARCHAR) AS broken FROM staging."app_entries__rows" c JOIN (
  SELECT n."currency", MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT c."currency", c._value, c._rows, SUM(CAST(c._rows AS HUGEINT)) OVER (PARTITION BY c."currency") AS _all
    FROM (
      SELECT r."currency", r._value, COUNT(*) AS _rows
      FROM (
        SELECT g."currency", (CAST(hash(CAST(g."memo" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(g."memo" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) AS _value FROM staging."app_entries__rows" g
        WHERE g._deleted_at IS NULL AND g."currency" IS NOT NULL
      ) r GROUP BY r."currency", r._value
    ) c
  ) n GROUP BY n."currency" HAVING COUNT(*) > 1
  ) d ON d."currency" = c."currency" WHERE c._deleted_at IS NULL AND (d._usual IS NULL OR (CAST(hash(CAST(c."memo" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(c."memo" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) <> d._usual);
