SELECT CAST(COUNT(*) AS VARCHAR) AS open_keys FROM temp."compared_app_items" c WHERE c._state IN ('differs', 'absent', 'further');
