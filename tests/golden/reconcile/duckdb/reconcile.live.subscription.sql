SELECT CAST(COUNT(*) AS VARCHAR) AS live FROM curated."subscription__rows" c WHERE c.deleted_at IS NULL;
