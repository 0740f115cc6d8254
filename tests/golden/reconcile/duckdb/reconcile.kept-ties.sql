SELECT e.subject, e.result, e.detail, CAST(e.proved_at AS VARCHAR) || '+00' AS proved_at FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM ops."proof" p
  WHERE p.leg = 'R3'
) e WHERE e.nth = 1 ORDER BY e.subject;
