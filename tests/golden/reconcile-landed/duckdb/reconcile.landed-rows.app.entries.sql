SELECT CAST(SUM(p.n) AS VARCHAR) AS landed FROM (SELECT COUNT(*) AS n FROM temp."landed_app_entries__rows_0" p) p;
