SELECT 'unfilled' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.after_number AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, '1' AS after_number, CAST(COUNT(*) AS VARCHAR) AS row_count FROM staging."app_entries__rows" t WHERE t._deleted_at IS NULL AND t._publication <= 1
) q;
