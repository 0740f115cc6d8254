INSERT INTO STAGING."BILLING_CUSTOMERS__ROWS" ("ID", "CUSTOMER_ID", "LEGAL_NAME", "DISPLAY_NAME", "EMAIL", "PHONE", "COUNTRY", "CURRENCY", "TAX_EXEMPT", "BILLING_ADDRESS", "VAT_NUMBER", "BALANCE_MINOR", "DELINQUENT", "SEGMENT", "ROW_VERSION", "CREATED_AT", "UPDATED_AT", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at)
SELECT l."ID", l."CUSTOMER_ID", l."LEGAL_NAME", l."DISPLAY_NAME", l."EMAIL", l."PHONE", l."COUNTRY", l."CURRENCY", l."TAX_EXEMPT", l."BILLING_ADDRESS", l."VAT_NUMBER", l."BALANCE_MINOR", l."DELINQUENT", l."SEGMENT", l."ROW_VERSION", l."CREATED_AT", l."UPDATED_AT", CASE WHEN l._origin = 0 THEN 'b_2_billing.customers' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM WORK."LABEL_BILLING_CUSTOMERS" l
LEFT JOIN WORK."VERDICT_BILLING_CUSTOMERS" v ON v._row = l._row
WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated');
