SELECT CAST(COUNT(*) AS VARCHAR) AS row_count FROM staging."app_entries__rows";
