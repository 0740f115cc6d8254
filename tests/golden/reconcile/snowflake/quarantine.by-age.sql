SELECT w.feed, w.kind, w.reasons, w.currency, CAST(w.age AS VARCHAR) AS age,
  CAST(SUM(CAST(w.copies AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(w.copies * w.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor
FROM (
  SELECT q.feed, q.kind, q.reasons, q.currency, q.copies, q.minor, CASE WHEN DATEADD(hour, 720, q.opened_at) <= CAST('2026-11-05 06:00:00.000' AS TIMESTAMP_NTZ(6)) THEN 3 WHEN DATEADD(hour, 168, q.opened_at) <= CAST('2026-11-05 06:00:00.000' AS TIMESTAMP_NTZ(6)) THEN 2 WHEN DATEADD(hour, 24, q.opened_at) <= CAST('2026-11-05 06:00:00.000' AS TIMESTAMP_NTZ(6)) THEN 1 ELSE 0 END AS age FROM OPS."OPEN_QUARANTINE" q
) w GROUP BY w.feed, w.kind, w.reasons, w.currency, w.age ORDER BY w.feed, w.kind, w.reasons, w.currency, w.age;
