SELECT b.batch_id AS batch_id, b.manifest AS manifest, CAST(b.seq AS VARCHAR) AS seq FROM OPS."BATCH" b
WHERE b.feed IN ('app.entries') AND (b.number >= 2) ORDER BY b.number, b.batch_id;
