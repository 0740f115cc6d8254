SELECT e.subject, e.result, e.detail, CAST(e.proved_at AS VARCHAR) || '+00' AS proved_at, CAST(e.source_as_of AS VARCHAR) || '+00' AS source_as_of FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM ops."proof" p
  WHERE p.leg = 'R1' AND (p.extent IS NULL OR p.extent = '{"by":"all"}') AND p.result <> 'not_proven'
) e WHERE e.nth = 1 ORDER BY e.subject;
