SELECT b.manifest AS name, b.feed AS found FROM OPS."BATCH" b
JOIN OPS."FEED_HORIZON" h ON h.batch_id = b.batch_id AND h.publication_id = b.publication_id
JOIN (SELECT feed, MAX(number) AS number FROM OPS."FEED_HORIZON" WHERE cursor_kind IS NOT NULL GROUP BY feed) m ON m.feed = h.feed AND m.number = h.number;
