SELECT CAST(COUNT(*) AS VARCHAR) AS open_keys FROM "COMPARED_APP_ITEMS" c WHERE c._state IN ('differs', 'absent', 'further');
