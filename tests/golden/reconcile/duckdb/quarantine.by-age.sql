SELECT w.feed, w.kind, w.reasons, w.currency, CAST(w.age AS VARCHAR) AS age,
  CAST(SUM(CAST(w.copies AS HUGEINT)) AS VARCHAR) AS row_count, CAST(SUM(CAST(w.copies * w.minor AS HUGEINT)) AS VARCHAR) AS minor
FROM (
  SELECT q.feed, q.kind, q.reasons, q.currency, q.copies, q.minor, CASE WHEN q.opened_at + INTERVAL 720 HOUR <= TIMESTAMP '2026-11-05 06:00:00.000' THEN 3 WHEN q.opened_at + INTERVAL 168 HOUR <= TIMESTAMP '2026-11-05 06:00:00.000' THEN 2 WHEN q.opened_at + INTERVAL 24 HOUR <= TIMESTAMP '2026-11-05 06:00:00.000' THEN 1 ELSE 0 END AS age FROM ops."open_quarantine" q
) w GROUP BY w.feed, w.kind, w.reasons, w.currency, w.age ORDER BY w.feed, w.kind, w.reasons, w.currency, w.age;
