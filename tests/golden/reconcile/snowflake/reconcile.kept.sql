SELECT p.proof_id, p.leg, p.subject, p.compares, p.extent, p.base, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing,
  REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.source_as_of, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS source_as_of, p.actor
FROM OPS."PROOF" p ORDER BY p.proved_at, p.proof_id;
