SELECT h.batch_id, REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(MAX(h.as_of), 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\1'), '[.]0+$', '') || '+00' AS as_of FROM OPS."FEED_HORIZON" h
WHERE h.batch_id IN ('b_1_app.entries') GROUP BY h.batch_id;
