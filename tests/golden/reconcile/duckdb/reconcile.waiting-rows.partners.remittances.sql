SELECT CAST(COUNT(*) AS VARCHAR) AS waiting FROM (
  SELECT q.row_id, q.row_hash, q.minor AS _kept_minor, q.currency AS _kept_currency, json_extract_string(q.payload, '/_fault') AS "_fault", json_extract_string(q.payload_pii, '/_payload') AS "_payload", CAST(NULL AS VARCHAR) AS "_unconverted", json_extract_string(q.payload, '/remittance_id') AS "remittance_id", json_extract_string(q.payload, '/invoice_id') AS "invoice_id", json_extract_string(q.payload, '/customer_id') AS "customer_id", json_extract_string(q.payload, '/amount') AS "amount", json_extract_string(q.payload, '/currency') AS "currency", json_extract_string(q.payload, '/paid_on') AS "paid_on", json_extract_string(q.payload, '/note') AS "note"
  FROM ops."open_quarantine" q
  WHERE q.feed = 'partners.remittances' AND q.contract_version = '1.0.0'
) w;
