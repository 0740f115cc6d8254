SELECT b.feed AS name, CAST(MAX(b.seq) AS VARCHAR) AS found FROM OPS."BATCH" b GROUP BY b.feed;
