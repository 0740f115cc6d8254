SELECT 'app.accounts' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."app_accounts__rows"
UNION ALL
SELECT 'app.entries' AS feed, CAST(COUNT(*) - COUNT(_deleted_at) AS VARCHAR) AS row_count FROM staging."app_entries__rows";
