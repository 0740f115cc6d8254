SELECT b.batch_id AS batch_id, b.manifest AS manifest, CAST(b.seq AS VARCHAR) AS seq
FROM (SELECT DISTINCT u._batch_id FROM "OLDER_APP_ITEMS" u WHERE u._suspect = 1) u
LEFT JOIN OPS."BATCH" b ON b.batch_id = u._batch_id ORDER BY seq, batch_id;
