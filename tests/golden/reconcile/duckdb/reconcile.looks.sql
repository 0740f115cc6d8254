SELECT p.result, p.extent, p.base, CAST(p.number AS VARCHAR) AS number, CAST(p.proved_at AS VARCHAR) || '+00' AS proved_at
FROM ops."proof" p WHERE p.leg = 'R4' AND p.subject = 'billing.customers' AND p.compares = 'live rows and their money, with the ledger' ORDER BY p.proved_at, p.proof_id;
