SELECT '-' AS at_place, CAST(COUNT(*) AS VARCHAR) AS row_count FROM staging."app_notes__rows" s WHERE s._deleted_at IS NULL GROUP BY '-';
