SELECT h.batch_id, CAST(MAX(h.as_of) AS VARCHAR) || '+00' AS as_of FROM ops."feed_horizon" h
WHERE h.batch_id IN ('b_1_app.entries') GROUP BY h.batch_id;
