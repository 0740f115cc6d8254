SELECT q.payload AS payload, q.payload_pii AS payload_pii FROM ops."open_quarantine" q
WHERE q.feed = 'billing.subscriptions' AND q.contract_version = '0.1.0' AND json_valid(q.payload) AND json_valid(q.payload_pii) ORDER BY q.row_id LIMIT 50;
