INSERT INTO history."entry" ("entry_id", "account", "amount", "currency", "memo", "_contract_version", "_publication", "deleted_at", _to_publication)
SELECT c."entry_id", c."account", c."amount", c."currency", c."memo", c."_contract_version", c."_publication", c."deleted_at", 2
FROM curated."entry__rows" c JOIN temp."touched_entry" t ON c."entry_id" = t."entry_id";
