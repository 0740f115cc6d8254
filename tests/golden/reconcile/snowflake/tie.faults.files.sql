SELECT 0 AS nth, 'said' AS side, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COUNT(r.row_id) - COUNT(DISTINCT r.row_id) AS VARCHAR) AS repeated, CAST(COUNT(CASE WHEN r.row_id IS NULL OR r.currency IS NULL OR r.minor IS NULL OR r.fee IS NULL OR r.on_day IS NULL OR r.key_0 IS NULL THEN 1 END) AS VARCHAR) AS lacking
FROM "TIE_FILES__0" r
UNION ALL
SELECT 1 AS nth, 'rows' AS side, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COUNT(r.row_id) - COUNT(DISTINCT r.row_id) AS VARCHAR) AS repeated, CAST(COUNT(CASE WHEN r.row_id IS NULL OR r.currency IS NULL OR r.minor IS NULL OR r.fee IS NULL OR r.on_day IS NULL OR r.key_0 IS NULL THEN 1 END) AS VARCHAR) AS lacking
FROM "TIE_FILES__1" r
ORDER BY nth;
