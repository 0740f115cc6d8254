INSERT INTO curated."settled__rows" ("entry_id", "account_id", "name", "memo", "amount", "currency", "_contract_version", "_publication", "deleted_at")
SELECT n."entry_id", n."account_id", n."name", n."memo", n."amount", n."currency", '1.0.0', 6, CAST(NULL AS TIMESTAMP)
FROM temp."made_settled" n
JOIN temp."touched_settled" t ON n."entry_id" = t."entry_id";
