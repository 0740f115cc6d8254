SELECT CAST(COALESCE(SUM(CAST(g.n AS HUGEINT)), 0) AS VARCHAR) AS broken FROM (
  SELECT COUNT(*) AS n FROM staging."app_entries__rows" s WHERE s._deleted_at IS NULL AND s."entry_id" IS NOT NULL GROUP BY REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(s."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') HAVING COUNT(*) > 1
) g;
