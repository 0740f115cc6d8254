SELECT CAST(COUNT(*) AS VARCHAR) AS row_count FROM curated."item__rows" r WHERE r.deleted_at IS NULL;
