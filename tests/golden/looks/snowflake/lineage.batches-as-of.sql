SELECT h.batch_id, CAST(MAX(h.as_of) AS VARCHAR) AS as_of FROM OPS."FEED_HORIZON" h
WHERE h.batch_id IN ('b_1_app.entries') GROUP BY h.batch_id;
