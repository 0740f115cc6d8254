SELECT q.payload AS payload, q.payload_pii AS payload_pii FROM ops."open_quarantine" q WHERE q.row_id = 'row_1';
