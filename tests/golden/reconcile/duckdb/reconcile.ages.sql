SELECT l.subject AS subject, CAST(MIN(l.proved_at) AS VARCHAR) || '+00' AS proved_at FROM (
  SELECT p.subject, p.leg, p.compares, MAX(p.proved_at) AS proved_at FROM ops."proof" p GROUP BY p.subject, p.leg, p.compares
) l GROUP BY l.subject;
