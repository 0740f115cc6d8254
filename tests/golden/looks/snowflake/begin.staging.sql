SELECT 'app.accounts' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."APP_ACCOUNTS__ROWS"
UNION ALL
SELECT 'app.entries' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM STAGING."APP_ENTRIES__ROWS";
