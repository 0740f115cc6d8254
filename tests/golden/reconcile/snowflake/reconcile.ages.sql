SELECT l.subject AS subject, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(MIN(l.proved_at), 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at FROM (
  SELECT p.subject, p.leg, p.compares, MAX(p.proved_at) AS proved_at FROM OPS."PROOF" p GROUP BY p.subject, p.leg, p.compares
) l GROUP BY l.subject;
