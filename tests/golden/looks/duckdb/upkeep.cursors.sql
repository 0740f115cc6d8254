SELECT b.manifest AS name, b.feed AS found FROM ops."batch" b
JOIN ops."feed_horizon" h ON h.batch_id = b.batch_id AND h.publication_id = b.publication_id
JOIN (SELECT feed, MAX(number) AS number FROM ops."feed_horizon" WHERE cursor_kind IS NOT NULL GROUP BY feed) m ON m.feed = h.feed AND m.number = h.number;
