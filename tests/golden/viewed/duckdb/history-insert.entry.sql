INSERT INTO history."entry" ("entry_id", "account", "amount", "currency", "memo", "_contract_version", "_publication", "deleted_at", _to_publication)
SELECT c."entry_id", c."account", c."amount", c."currency", c."memo", c."_contract_version", c."_publication", c."deleted_at", 2
FROM curated."entry__rows" c JOIN (
  SELECT l."entry_id" AS "entry_id" FROM temp."label_app_entries" l
  JOIN temp."verdict_app_entries" v ON v._row = l.rowid AND v._class = 'updated'
) u ON c."entry_id" = u."entry_id";
