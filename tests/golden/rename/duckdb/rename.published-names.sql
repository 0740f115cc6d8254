SELECT DISTINCT b.feed, b.run_group FROM ops."batch" b ORDER BY b.feed, b.run_group;
