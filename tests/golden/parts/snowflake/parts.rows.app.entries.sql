SELECT CASE WHEN s._deleted_at IS NULL THEN 'live' ELSE 'tombstoned' END AS kind, '[]' AS reasons, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count, CAST(SUM(CAST(s._minor AS NUMBER(38, 0))) AS VARCHAR) AS minor
FROM STAGING."APP_ENTRIES__ROWS" s WHERE s."_SCOPE" = 'a'
GROUP BY CASE WHEN s._deleted_at IS NULL THEN 'live' ELSE 'tombstoned' END, s._currency
UNION ALL
SELECT q.kind, q.reasons, q.currency, CAST(SUM(CAST(q.copies AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.copies * q.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor
FROM OPS."OPEN_QUARANTINE" q WHERE q.feed = 'app.entries' AND q.scope = 'a'
GROUP BY q.kind, q.reasons, q.currency;
