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
) q
UNION ALL
SELECT 'restated' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.named AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2 FROM (
SELECT 'app.entries' AS feed, r.named, r.row_count FROM (
WITH counted AS (
SELECT CAST(s."ID" AS VARCHAR) AS key_0, CAST(s."ENTRY_ID" AS VARCHAR) AS key_1
FROM "VERDICT_APP_ENTRIES" v
JOIN "LABEL_APP_ENTRIES" l ON l._row = v._row
JOIN STAGING."APP_ENTRIES__ROWS" s ON l."ID" = s."ID"
WHERE l._origin = 0 AND v._class NOT IN ('unchanged', 'duplicate') AND s._deleted_at IS NULL AND s._hash = l._hash AND NOT (l._mask0 <> 0 OR NOT (l."ID" IS DISTINCT FROM s."ID" OR l."ENTRY_ID" IS DISTINCT FROM s."ENTRY_ID" OR l."ACCOUNT_ID" IS DISTINCT FROM s."ACCOUNT_ID" OR l."AMOUNT" IS DISTINCT FROM s."AMOUNT" OR l."CURRENCY" IS DISTINCT FROM s."CURRENCY" OR l."MEMO" IS DISTINCT FROM s."MEMO" OR NOT l._unreadable AND (l._minor IS DISTINCT FROM s._minor OR l._currency IS DISTINCT FROM s._currency)))
)
SELECT 'id ' || COALESCE(f.key_0, 'NULL') || ', ' || 'entry_id ' || COALESCE(f.key_1, 'NULL') AS named, CAST((SELECT COUNT(*) FROM counted) AS VARCHAR) AS row_count
FROM counted f ORDER BY f.key_0, f.key_1 LIMIT 5
) r
) q;
