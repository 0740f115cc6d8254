SELECT 'behind' AS question, '=' || CAST(q.kind AS VARCHAR) AS c0, '=' || CAST(q.subject AS VARCHAR) AS c1, '=' || CAST(q.part AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3 FROM (
SELECT 'live' AS kind, 'entry' AS subject, '' AS part, CAST(COUNT(*) AS VARCHAR) AS row_count FROM curated."entry__rows" c WHERE c.deleted_at IS NULL
UNION ALL
SELECT 'select' AS kind, 'entry' AS subject, 'f7a7c3a11c846d0a' AS part, CAST(COUNT(*) AS VARCHAR) AS row_count FROM curated."entry__rows" c WHERE c.deleted_at IS NULL AND c._publication > 0 AND c._publication <= 2
UNION ALL
SELECT 'column' AS kind, 'staging.app_entries__rows' AS subject, '1' AS part, CAST(COUNT(*) AS VARCHAR) AS row_count FROM staging."app_entries__rows" t WHERE t._deleted_at IS NULL AND t._publication <= 1
UNION ALL
SELECT 'column' AS kind, 'curated.entry' AS subject, '1' AS part, CAST(COUNT(*) AS VARCHAR) AS row_count FROM curated."entry__rows" t WHERE t.deleted_at IS NULL AND t._publication <= 1
) q;
