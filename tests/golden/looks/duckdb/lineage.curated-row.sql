SELECT CAST(c._publication AS VARCHAR) AS publication, CAST(c.deleted_at AS VARCHAR) AS deleted_at
FROM curated."entry__rows" c WHERE CAST(c."entry_id" AS VARCHAR) = 'e1';
