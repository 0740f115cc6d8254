SELECT 'missed' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.inserted AS VARCHAR) AS c1, '=' || CAST(q.updated AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, CAST(COUNT(CASE WHEN COALESCE(v._class, 'inserted') = 'inserted' THEN 1 END) AS VARCHAR) AS inserted, CAST(COUNT(CASE WHEN COALESCE(v._class, 'inserted') = 'updated' THEN 1 END) AS VARCHAR) AS updated
FROM "LABEL_APP_ENTRIES" l
  LEFT JOIN "VERDICT_APP_ENTRIES" v ON v._row = l._row
WHERE l._origin = 0 AND l."ID" < 10
) q
UNION ALL
SELECT 'absent' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.row_count AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, CAST(COUNT(*) AS VARCHAR) AS row_count
FROM STAGING."APP_ENTRIES__ROWS" s WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM "KEYS_APP_ENTRIES" k WHERE k."ID" = s."ID") AND s._seq <= 2
) q;
