SELECT b.manifest FROM OPS."BATCH" b
WHERE b.run_group = 'desk' AND b.number > 0 AND b.feed IN ('app.entries', 'app.none') ORDER BY b.number, b.feed;
