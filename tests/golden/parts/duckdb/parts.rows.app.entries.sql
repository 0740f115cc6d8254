SELECT CASE WHEN s._deleted_at IS NULL THEN 'live' ELSE 'tombstoned' END AS kind, '[]' AS reasons, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(s._minor AS HUGEINT)) AS VARCHAR) AS minor
FROM staging."app_entries__rows" s WHERE s."_scope" = 'a'
GROUP BY CASE WHEN s._deleted_at IS NULL THEN 'live' ELSE 'tombstoned' END, s._currency
UNION ALL
SELECT q.kind, q.reasons, q.currency, CAST(SUM(CAST(q.copies AS HUGEINT)) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.copies * q.minor AS HUGEINT)) AS VARCHAR) AS minor
FROM ops."open_quarantine" q WHERE q.feed = 'app.entries' AND q.scope = 'a'
GROUP BY q.kind, q.reasons, q.currency;
