SELECT CAST(t.nth AS VARCHAR) AS nth, t._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(t._minor AS HUGEINT)) AS VARCHAR) AS minor FROM (
  SELECT CASE WHEN ((s."day" >= CAST('2025-01-01' AS DATE) AND s."day" < CAST('2026-01-01' AS DATE))) THEN 0 END AS nth, s._currency, s._minor FROM staging."app_items__rows" s WHERE s._deleted_at IS NULL
) t WHERE t.nth IS NOT NULL GROUP BY t.nth, t._currency;
