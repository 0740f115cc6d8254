SELECT '-' AS at_place, CAST(COUNT(*) AS VARCHAR) AS row_count FROM STAGING."APP_NOTES__ROWS" s WHERE s._deleted_at IS NULL GROUP BY '-';
