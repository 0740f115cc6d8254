INSERT INTO staging."billing_payments__rows" ("id", "payment_id", "invoice_id", "customer_id", "kind", "status", "method", "currency", "amount_minor", "fee_minor", "receipt_email", "card_last4", "description", "received_at", "posted_on", "created_at", "updated_at", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at)
SELECT l."id", l."payment_id", l."invoice_id", l."customer_id", l."kind", l."status", l."method", l."currency", l."amount_minor", l."fee_minor", l."receipt_email", l."card_last4", l."description", l."received_at", l."posted_on", l."created_at", l."updated_at", CASE WHEN l._origin = 0 THEN 'b_2_billing.payments' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP)
FROM temp."label_billing_payments" l
LEFT JOIN temp."verdict_billing_payments" v ON v._row = l.rowid
WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated');
