SELECT e.subject, e.result, e.detail, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(e.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at FROM (
  SELECT p.*, ROW_NUMBER() OVER (PARTITION BY p.subject ORDER BY p.proved_at DESC) AS nth FROM OPS."PROOF" p
  WHERE p.leg = 'R3'
) e WHERE e.nth = 1 ORDER BY e.subject;
