INSERT INTO ops."flow" (publication_id, run_group, number, window_end, feed, currency, class, row_count, minor)
SELECT 'desk-3', 'desk', 3, TIMESTAMP '2026-11-01 12:00:00', CASE WHEN f.feed = 'app.entries' THEN 'app.lines' ELSE f.feed END, f.currency, f.class, f.row_count, f.minor
FROM ops."flow" f
WHERE f.run_group = 'desk' AND f.number = 2 AND f.class = 'closing_stock' AND f.feed IN ('app.entries', 'app.accounts');
