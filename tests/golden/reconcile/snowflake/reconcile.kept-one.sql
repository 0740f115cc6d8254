SELECT p.proof_id, p.leg, p.subject, p.compares, p.tier, p.extent, p.result, CAST(p.number AS VARCHAR) AS number, CAST(p.row_count AS VARCHAR) AS row_count, CAST(p.differing AS VARCHAR) AS differing, p.detail,
  REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at
FROM OPS."PROOF" p WHERE p.proof_id = 'reconcile_1/item/1/1';
