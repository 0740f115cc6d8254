SELECT CAST(COUNT(*) AS VARCHAR) AS row_count FROM curated."item__rows" c WHERE c.deleted_at IS NULL;
