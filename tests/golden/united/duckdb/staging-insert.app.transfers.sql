INSERT INTO staging."app_transfers__rows" ("id", "bank", "number", "amount", "currency", "payment_id", _batch_id, _position, _seq, _hash, _minor, _currency, _contract_version, _publication, _deleted_at, _form)
SELECT l."id", l."bank", l."number", l."amount", l."currency", l."payment_id", 'b_2_app.transfers', l._position, l._seq, l._hash, l._minor, l._currency, '1.0.0', 2, CAST(NULL AS TIMESTAMP), l._form
FROM temp."label_app_transfers" l
WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_transfers" v WHERE v._class NOT IN ('inserted', 'updated'));
