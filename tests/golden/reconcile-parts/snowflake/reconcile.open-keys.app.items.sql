SELECT DISTINCT c._key_0 AS _key_0 FROM "COMPARED_APP_ITEMS" c WHERE c._state IN ('differs', 'absent', 'further');
