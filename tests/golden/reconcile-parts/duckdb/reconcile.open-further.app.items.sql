SELECT CAST(COUNT(*) AS VARCHAR) AS open_rows FROM temp."compared_app_items" c WHERE c._state = 'further';
