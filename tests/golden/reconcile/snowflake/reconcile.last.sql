SELECT p.leg, p.subject, p.compares, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing,
  REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.source_as_of, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS source_as_of, p.actor
FROM OPS."PROOF" p JOIN (
  SELECT leg, subject, compares, MAX(proved_at) AS proved_at FROM OPS."PROOF" GROUP BY leg, subject, compares
) m ON m.leg = p.leg AND m.subject = p.subject AND m.compares = p.compares AND m.proved_at = p.proved_at;
