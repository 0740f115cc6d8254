SELECT COALESCE(CAST(TRY_PARSE_JSON(h.query_tag)['stage'] AS VARCHAR), '-') AS stage, COALESCE(CAST(TRY_PARSE_JSON(h.query_tag)['table'] AS VARCHAR), '-') AS about, COALESCE(CAST(TRY_PARSE_JSON(h.query_tag)['rule'] AS VARCHAR), '-') AS rule, COALESCE(CAST(TRY_PARSE_JSON(h.query_tag)['statement'] AS VARCHAR), '-') AS statement,
  COUNT(*) AS statements, SUM(h.total_elapsed_time) AS milliseconds, SUM(a.credits_attributed_compute) AS credits, SUM(h.bytes_scanned) AS bytes_scanned
FROM SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY h
LEFT JOIN SNOWFLAKE.ACCOUNT_USAGE.QUERY_ATTRIBUTION_HISTORY a ON a.query_id = h.query_id AND a.start_time >= DATEADD(DAY, -7, CURRENT_TIMESTAMP())
WHERE h.start_time >= DATEADD(DAY, -7, CURRENT_TIMESTAMP()) AND CAST(TRY_PARSE_JSON(h.query_tag)['app'] AS VARCHAR) = 'ledgerloop'
GROUP BY 1, 2, 3, 4 ORDER BY credits DESC NULLS LAST, milliseconds DESC;
