SELECT DISTINCT b.feed, b.run_group FROM OPS."BATCH" b ORDER BY b.feed, b.run_group;
