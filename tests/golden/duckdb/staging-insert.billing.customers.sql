INSERT INTO staging."billing_customers__rows" ("id", "customer_id", "legal_name", "display_name", "email", "phone", "country", "currency", "tax_exempt", "billing_address", "vat_number", "balance_minor", "delinquent", "segment", "row_version", "created_at", "updated_at", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at)
SELECT l."id", l."customer_id", l."legal_name", l."display_name", l."email", l."phone", l."country", l."currency", l."tax_exempt", l."billing_address", l."vat_number", l."balance_minor", l."delinquent", l."segment", l."row_version", l."created_at", l."updated_at", CASE WHEN l._origin = 0 THEN 'b_2_billing.customers' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP)
FROM temp."label_billing_customers" l
LEFT JOIN temp."verdict_billing_customers" v ON v._row = l.rowid
WHERE COALESCE(v._class, 'inserted') IN ('inserted', 'updated');
