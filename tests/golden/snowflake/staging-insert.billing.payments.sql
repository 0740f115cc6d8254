INSERT INTO STAGING."BILLING_PAYMENTS__ROWS" ("ID", "PAYMENT_ID", "INVOICE_ID", "CUSTOMER_ID", "KIND", "STATUS", "METHOD", "CURRENCY", "AMOUNT_MINOR", "FEE_MINOR", "RECEIPT_EMAIL", "CARD_LAST4", "DESCRIPTION", "RECEIVED_AT", "POSTED_ON", "CREATED_AT", "UPDATED_AT", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at)
SELECT l."ID", l."PAYMENT_ID", l."INVOICE_ID", l."CUSTOMER_ID", l."KIND", l."STATUS", l."METHOD", l."CURRENCY", l."AMOUNT_MINOR", l."FEE_MINOR", l."RECEIPT_EMAIL", l."CARD_LAST4", l."DESCRIPTION", l."RECEIVED_AT", l."POSTED_ON", l."CREATED_AT", l."UPDATED_AT", CASE WHEN l._origin = 0 THEN 'b_2_billing.payments' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM WORK."LABEL_BILLING_PAYMENTS" l
LEFT JOIN WORK."VERDICT_BILLING_PAYMENTS" v ON v._row = l._row
WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated');
