SELECT 'missed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.inserted AS VARCHAR) AS c1, '=' || CAST(q.updated AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, CAST(count(*) FILTER (WHERE COALESCE(v._class, 'inserted') = 'inserted') AS VARCHAR) AS inserted, CAST(count(*) FILTER (WHERE COALESCE(v._class, 'inserted') = 'updated') AS VARCHAR) AS updated
FROM temp."label_app_entries" l
  LEFT JOIN temp."verdict_app_entries" v ON v._row = l.rowid
WHERE l._origin = 0 AND l."id" < 10
) q
UNION ALL
SELECT 'absent' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.row_count AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM staging."app_entries__rows" s WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp."keys_app_entries" k WHERE k."id" = s."id") AND s._seq <= 2
) q;
