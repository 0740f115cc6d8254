SELECT CAST(COUNT(*) AS VARCHAR) AS open_rows FROM "COMPARED_APP_ITEMS" c WHERE c._state = 'further';
