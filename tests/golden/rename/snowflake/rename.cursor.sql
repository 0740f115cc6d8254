SELECT CAST(MAX(CASE WHEN h.cursor_kind IS NOT NULL THEN h.number END) AS VARCHAR) AS moved, CAST(MAX(CASE WHEN h.batch_id IS NOT NULL THEN h.number END) AS VARCHAR) AS extracted
FROM OPS."FEED_HORIZON" h WHERE h.run_group = 'desk' AND h.feed = 'app.entries';
