SELECT p.result, p.extent, CAST(p.proved_at AS VARCHAR) || '+00' AS proved_at FROM ops."proof" p
WHERE p.leg = 'R4' AND p.subject = 'billing.customers' AND p.compares = 'live rows and their money, with the ledger' AND p.proved_at > TIMESTAMP '2026-11-05 06:00:00'
ORDER BY p.proved_at, p.proof_id;
