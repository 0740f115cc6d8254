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
) q
UNION ALL
SELECT 'restated' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.named AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, r.named, r.row_count FROM (
WITH counted AS (
SELECT CAST(s."id" AS VARCHAR) AS key_0, CAST(s."entry_id" AS VARCHAR) AS key_1
FROM temp."verdict_app_entries" v
JOIN temp."label_app_entries" l ON l.rowid = v._row
JOIN staging."app_entries__rows" s ON l."id" = s."id"
WHERE l._origin = 0 AND v._class NOT IN ('unchanged', 'duplicate') AND s._deleted_at IS NULL AND s._hash = l._hash AND NOT (l._mask0 <> 0 OR NOT (l."id" IS DISTINCT FROM s."id" OR l."entry_id" IS DISTINCT FROM s."entry_id" OR l."account_id" IS DISTINCT FROM s."account_id" OR l."amount" IS DISTINCT FROM s."amount" OR l."currency" IS DISTINCT FROM s."currency" OR l."memo" IS DISTINCT FROM s."memo" OR NOT l._unreadable AND (l._minor IS DISTINCT FROM s._minor OR l._currency IS DISTINCT FROM s._currency)))
)
SELECT 'id ' || COALESCE(f.key_0, 'NULL') || ', ' || 'entry_id ' || COALESCE(f.key_1, 'NULL') AS named, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.key_0, f.key_1 LIMIT 5
) r
) q;
