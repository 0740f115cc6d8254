INSERT INTO STAGING."APP_ENTRIES__ROWS" ("ID", "ENTRY_ID", "ACCOUNT_ID", "AMOUNT", "CURRENCY", "MEMO", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at, _scope, _form)
SELECT l."ID", l."ENTRY_ID", l."ACCOUNT_ID", l."AMOUNT", l."CURRENCY", l."MEMO", CASE WHEN l._origin = 0 THEN 'b_3_app.entries' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 3, CAST(NULL AS TIMESTAMP_NTZ(6)), l._scope, l._form
FROM "LABEL_APP_ENTRIES" l
WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_APP_ENTRIES" v WHERE v._class NOT IN ('inserted', 'updated'));
