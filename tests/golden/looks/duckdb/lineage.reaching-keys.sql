WITH counted AS (
SELECT c.* FROM curated."entry__rows" c WHERE c.deleted_at IS NULL AND CAST(c."account_id" AS VARCHAR) = 'A'
)
SELECT CAST(f."entry_id" AS VARCHAR) AS key_0, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS total
FROM counted f ORDER BY f."entry_id" LIMIT 20;
