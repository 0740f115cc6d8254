SELECT q.contract_version AS version, CAST(COUNT(*) AS VARCHAR) AS waiting, MIN(q.row_id) AS one FROM ops."open_quarantine" q
WHERE q.feed = 'billing.customers' GROUP BY q.contract_version ORDER BY version;
