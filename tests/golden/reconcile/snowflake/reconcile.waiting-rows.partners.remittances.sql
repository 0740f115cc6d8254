SELECT CAST(COUNT(*) AS VARCHAR) AS waiting FROM (
  SELECT q.row_id, q.row_hash, q.minor AS _kept_minor, q.currency AS _kept_currency, CAST(PARSE_JSON(q.payload)['_fault'] AS VARCHAR) AS "_FAULT", CAST(PARSE_JSON(q.payload_pii)['_payload'] AS VARCHAR) AS "_PAYLOAD", CAST(NULL AS VARCHAR) AS "_UNCONVERTED", CAST(PARSE_JSON(q.payload)['remittance_id'] AS VARCHAR) AS "REMITTANCE_ID", CAST(PARSE_JSON(q.payload)['invoice_id'] AS VARCHAR) AS "INVOICE_ID", CAST(PARSE_JSON(q.payload)['customer_id'] AS VARCHAR) AS "CUSTOMER_ID", CAST(PARSE_JSON(q.payload)['amount'] AS VARCHAR) AS "AMOUNT", CAST(PARSE_JSON(q.payload)['currency'] AS VARCHAR) AS "CURRENCY", CAST(PARSE_JSON(q.payload)['paid_on'] AS VARCHAR) AS "PAID_ON", CAST(PARSE_JSON(q.payload)['note'] AS VARCHAR) AS "NOTE"
  FROM OPS."OPEN_QUARANTINE" q
  WHERE q.feed = 'partners.remittances' AND q.contract_version = '1.0.0'
) w;
