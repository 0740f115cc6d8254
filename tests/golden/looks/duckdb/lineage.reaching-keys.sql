SELECT CAST(c."entry_id" AS VARCHAR) AS key_0, CAST(COUNT(*) OVER () AS VARCHAR) AS total
FROM curated."entry__rows" c WHERE c.deleted_at IS NULL AND CAST(c."account_id" AS VARCHAR) = 'A' ORDER BY c."entry_id" LIMIT 20;
