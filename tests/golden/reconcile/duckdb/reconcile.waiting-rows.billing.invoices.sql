SELECT q.contract_version AS version, CAST(COUNT(*) AS VARCHAR) AS waiting FROM ops."open_quarantine" q
WHERE q.feed = 'billing.invoices' GROUP BY q.contract_version ORDER BY version;
