SELECT p.leg, p.subject, p.compares, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing,
  CAST(p.proved_at AS VARCHAR) || '+00' AS proved_at, CAST(p.source_as_of AS VARCHAR) || '+00' AS source_as_of, p.actor
FROM ops."proof" p JOIN (
  SELECT leg, subject, compares, MAX(proved_at) AS proved_at FROM ops."proof" GROUP BY leg, subject, compares
) m ON m.leg = p.leg AND m.subject = p.subject AND m.compares = p.compares AND m.proved_at = p.proved_at;
