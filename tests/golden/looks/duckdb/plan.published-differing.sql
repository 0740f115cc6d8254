SELECT CAST(b.broken AS VARCHAR) AS broken FROM (
SELECT COALESCE(SUM(CAST(g.broken AS HUGEINT)), 0) AS broken FROM (
  SELECT SUM(CAST(v._rows AS HUGEINT)) - CASE WHEN 2 * MAX(v._rows) > SUM(CAST(v._rows AS HUGEINT)) THEN MAX(v._rows) ELSE 0 END AS broken FROM (
    SELECT t."currency", t._value, COUNT(*) AS _rows FROM (
      SELECT s."currency", (CAST(hash(CAST(s."memo" AS VARCHAR)) AS UHUGEINT) * 18446744073709551616 + CAST(hash(CAST(s."memo" AS VARCHAR), 'ledgerloop') AS UHUGEINT)) AS _value FROM staging."app_entries__rows" s WHERE s._deleted_at IS NULL AND s."currency" IS NOT NULL
    ) t GROUP BY t."currency", t._value
  ) v GROUP BY v."currency" HAVING COUNT(*) > 1
) g
) b;
