SELECT '-' AS at_place, CAST(COUNT(*) AS VARCHAR) AS row_count FROM CURATED."ITEM__ROWS" c WHERE c.deleted_at IS NULL GROUP BY '-';
