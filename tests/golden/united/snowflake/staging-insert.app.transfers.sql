INSERT INTO STAGING."APP_TRANSFERS__ROWS" ("ID", "BANK", "NUMBER", "AMOUNT", "CURRENCY", "PAYMENT_ID", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at, _form)
SELECT l."ID", l."BANK", l."NUMBER", l."AMOUNT", l."CURRENCY", l."PAYMENT_ID", 'b_2_app.transfers', l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP_NTZ(6)), l._form
FROM "LABEL_APP_TRANSFERS" l
WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_APP_TRANSFERS" v WHERE v._class NOT IN ('inserted', 'updated'));
