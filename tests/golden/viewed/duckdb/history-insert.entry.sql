INSERT INTO history."entry" ("entry_id", "account", "amount", "currency", "memo", "_contract_version", "_publication", "deleted_at", _to_publication)
SELECT c."entry_id", c."account", c."amount", c."currency", c."memo", c."_contract_version", c."_publication", c."deleted_at", 2
FROM (
SELECT CAST(m."entry_id" AS VARCHAR) AS "entry_id", CAST(m."account" AS VARCHAR) AS "account", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."memo" AS VARCHAR) AS "memo", CASE WHEN m._publication <= 1 THEN '1.0.0' ELSE '1.1.0' END AS _contract_version, m._publication AS _publication, m._deleted_at AS deleted_at
FROM (
select e.entry_id, e.account_id as account, amount, currency, coalesce(memo, '-') as memo -- what was written, or that nothing was
, _publication, _deleted_at from (
SELECT s.* FROM (
  SELECT l.rowid AS _labelled, s.rowid AS _staged FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class = 'updated' JOIN staging."app_entries__rows" s ON s._form = l._form
  UNION ALL
  SELECT l.rowid AS _labelled, s.rowid AS _staged FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class = 'updated' JOIN staging."app_entries__rows" s ON s._form IS NULL AND l."entry_id" = s."entry_id"
) p
JOIN temp."label_app_entries" l ON l.rowid = p._labelled
JOIN staging."app_entries__rows" s ON s.rowid = p._staged
WHERE CASE WHEN l."entry_id" = s."entry_id" THEN TRUE ELSE FALSE END
) as e
) m
) c;
