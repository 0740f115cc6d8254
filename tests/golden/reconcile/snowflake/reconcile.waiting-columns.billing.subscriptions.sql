SELECT q.payload AS payload, q.payload_pii AS payload_pii FROM OPS."OPEN_QUARANTINE" q
WHERE q.feed = 'billing.subscriptions' AND q.contract_version = '0.1.0' AND TRY_PARSE_JSON(q.payload) IS NOT NULL AND TRY_PARSE_JSON(q.payload_pii) IS NOT NULL ORDER BY q.row_id LIMIT 50;
