SELECT p.result, p.extent, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(p.proved_at, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS proved_at FROM OPS."PROOF" p
WHERE p.leg = 'R4' AND p.subject = 'billing.customers' AND p.compares = 'live rows and their money, with the ledger' AND p.proved_at > CAST('2026-11-05 06:00:00' AS TIMESTAMP_NTZ(6))
ORDER BY p.proved_at, p.proof_id;
