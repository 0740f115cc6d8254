SELECT 'pages' AS question, '=' || CAST(q.file_key AS VARCHAR) AS c0, '=' || CAST(q.page AS VARCHAR) AS c1 FROM (
SELECT DISTINCT r.file_key, r.page FROM "REFUSED_CHECK_PAYMENTS" r
) q;
