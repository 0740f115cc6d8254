SELECT e.subject, e.result, e.detail, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(e.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(e.source_as_of, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS source_as_of FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM OPS."PROOF" p
  WHERE p.leg = 'R1' AND (p.extent IS NULL OR p.extent = '{"by":"all"}') AND p.result <> 'not_proven'
) e WHERE e.nth = 1 ORDER BY e.subject;
