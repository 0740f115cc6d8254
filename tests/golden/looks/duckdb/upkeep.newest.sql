SELECT b.feed AS name, CAST(MAX(b.seq) AS VARCHAR) AS found FROM ops."batch" b GROUP BY b.feed;
