INSERT INTO ops."feed_horizon" (publication_id, run_group, number, feed, batch_id, cursor_kind, cursor_position, cursor_identity, horizon, as_of, loading_since)
SELECT 'desk-3', 'desk', 3, CASE WHEN h.feed = 'app.entries' THEN 'app.lines' ELSE h.feed END, c.batch_id, c.cursor_kind, c.cursor_position, c.cursor_identity, h.horizon, h.as_of, h.loading_since
FROM ops."feed_horizon" h
JOIN (SELECT feed, MAX(number) AS newest FROM ops."feed_horizon" WHERE run_group = 'desk' GROUP BY feed) n ON n.feed = h.feed AND n.newest = h.number
LEFT JOIN ops."feed_horizon" c ON c.run_group = 'desk' AND c.feed = h.feed AND h.feed = 'app.entries' AND c.number = 2
WHERE h.run_group = 'desk' AND h.feed IN ('app.entries', 'app.accounts');
