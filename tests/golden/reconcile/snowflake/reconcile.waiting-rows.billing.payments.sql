SELECT q.contract_version AS version, CAST(COUNT(*) AS VARCHAR) AS waiting FROM OPS."OPEN_QUARANTINE" q
WHERE q.feed = 'billing.payments' GROUP BY q.contract_version ORDER BY version;
