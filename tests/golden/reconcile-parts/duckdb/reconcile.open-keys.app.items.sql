SELECT DISTINCT c._key_0 AS _key_0 FROM temp."compared_app_items" c WHERE c._state IN ('differs', 'absent', 'further');
