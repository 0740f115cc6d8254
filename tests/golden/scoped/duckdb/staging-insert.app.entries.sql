INSERT INTO staging."app_entries__rows" ("id", "entry_id", "account_id", "amount", "currency", "memo", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at, _scope, _form)
SELECT l."id", l."entry_id", l."account_id", l."amount", l."currency", l."memo", CASE WHEN l._origin = 0 THEN 'b_3_app.entries' ELSE SPLIT_PART(l._pool_row, '/', 1) END, l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 3, CAST(NULL AS TIMESTAMP), l._scope, l._form
FROM temp."label_app_entries" l
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated'));
