SELECT p.proof_id, p.leg, p.subject, p.compares, p.extent, p.base, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing,
  CAST(p.proved_at AS VARCHAR) || '+00' AS proved_at, CAST(p.source_as_of AS VARCHAR) || '+00' AS source_as_of, p.actor
FROM ops."proof" p ORDER BY p.proved_at, p.proof_id;
