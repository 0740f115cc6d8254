SELECT CAST(COUNT(*) AS VARCHAR) AS landed FROM (SELECT 1 AS n FROM temp."landed_app_entries__rows_0" p) p;
