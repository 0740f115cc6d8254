INSERT INTO staging."app_entries__rows" ("id", "entry_id", "account_id", "amount", "currency", "memo", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at, _scope, _order, _form)
SELECT l."id", l."entry_id", l."account_id", l."amount", l."currency", l."memo", 'b_8_app.entries', l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 8, CAST(NULL AS TIMESTAMP), l._scope, l._order, l._form
FROM temp."label_app_entries" l
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated'));
