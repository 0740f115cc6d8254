SELECT p.result, p.extent, p.base, CAST(p.number AS VARCHAR) AS number, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at
FROM OPS."PROOF" p WHERE p.leg = 'R4' AND p.subject = 'billing.customers' AND p.compares = 'live rows and their money, with the ledger' ORDER BY p.proved_at, p.proof_id;
