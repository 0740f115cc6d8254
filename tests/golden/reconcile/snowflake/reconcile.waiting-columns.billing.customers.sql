SELECT q.payload AS payload, q.payload_pii AS payload_pii FROM OPS."OPEN_QUARANTINE" q WHERE q.row_id = 'row_1';
