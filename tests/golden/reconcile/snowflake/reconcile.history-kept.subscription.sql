SELECT CAST(k.number AS VARCHAR) AS number, CAST(k.row_count AS VARCHAR) AS row_count, k.digest AS digest
FROM OPS."HISTORY_DIGEST" k WHERE k.subject = 'subscription' AND 1 = 1
ORDER BY k.proved_at, k.number;
