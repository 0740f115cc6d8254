INSERT INTO OPS."BATCH" (publication_id, run_group, number, feed, batch_id, replay_of, seq, window_start, window_end, witness, manifest, row_count)
SELECT 'desk-3', 'desk', 3, 'app.lines', b.batch_id, b.replay_of, b.seq, b.window_start, b.window_end, b.witness, b.manifest, b.row_count
FROM OPS."BATCH" b
JOIN OPS."FEED_HORIZON" h ON h.batch_id = b.batch_id AND h.publication_id = b.publication_id
WHERE h.run_group = 'desk' AND h.feed = 'app.entries' AND h.number = 2;
