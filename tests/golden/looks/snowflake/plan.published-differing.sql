SELECT CAST(COUNT(*) AS VARCHAR) AS broken FROM STAGING."APP_ENTRIES__ROWS" c JOIN (
  SELECT n."CURRENCY", MAX(CASE WHEN 2 * n._rows > n._all THEN n._value END) AS _usual
  FROM (
    SELECT c."CURRENCY", c._value, c._rows, SUM(CAST(c._rows AS NUMBER(38, 0))) OVER (PARTITION BY c."CURRENCY") AS _all
    FROM (
      SELECT r."CURRENCY", r._value, COUNT(*) AS _rows
      FROM (
        SELECT g."CURRENCY", SHA2(COALESCE(TO_VARCHAR(LENGTH(CAST(g."MEMO" AS VARCHAR))) || ':' || CAST(g."MEMO" AS VARCHAR), '-'), 256) AS _value FROM STAGING."APP_ENTRIES__ROWS" g
        WHERE g._deleted_at IS NULL AND g."CURRENCY" IS NOT NULL
      ) r GROUP BY r."CURRENCY", r._value
    ) c
  ) n GROUP BY n."CURRENCY" HAVING COUNT(*) > 1
  ) d ON d."CURRENCY" = c."CURRENCY" WHERE c._deleted_at IS NULL AND (d._usual IS NULL OR SHA2(COALESCE(TO_VARCHAR(LENGTH(CAST(c."MEMO" AS VARCHAR))) || ':' || CAST(c."MEMO" AS VARCHAR), '-'), 256) <> d._usual);
