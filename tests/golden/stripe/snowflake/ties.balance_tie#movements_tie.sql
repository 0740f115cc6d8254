SELECT 'states' AS question, '=' || CAST(q.state AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3 FROM (
SELECT g.state, g.currency, COUNT(*) AS row_count, SUM(CAST(g.minor AS NUMBER(38, 0))) AS minor FROM (
  SELECT COALESCE(t."STATE", '-') AS state, COALESCE(t."CURRENCY", '-') AS currency, COALESCE(ABS(t."AMOUNT_MINOR"), 0) AS minor FROM CURATED."BALANCE_TIE__ROWS" t WHERE t."DELETED_AT" IS NULL AND t."STATE" IN ('tied')
  UNION ALL
  SELECT CASE WHEN w.source_key IS NULL THEN COALESCE(t."STATE", '-') ELSE 'waiting' END AS state, COALESCE(t."CURRENCY", '-') AS currency, COALESCE(ABS(t."AMOUNT_MINOR"), 0) AS minor FROM CURATED."BALANCE_TIE__ROWS" t
  LEFT JOIN (SELECT DISTINCT q.feed, q.source_key FROM OPS."OPEN_QUARANTINE" q WHERE q.source_key IS NOT NULL) w ON t."STATE" IN ('absent') AND w.feed = t."SOURCE_FEED" AND w.source_key = CAST(t."SOURCE_ID" AS VARCHAR)
  WHERE t."DELETED_AT" IS NULL AND (t."STATE" IS NULL OR NOT t."STATE" IN ('tied'))
) g GROUP BY g.state, g.currency
) q
UNION ALL
SELECT 'differing' AS question, '=' || CAST(q.named AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3 FROM (
SELECT k.named AS named FROM (SELECT CAST(t."BALANCE_TRANSACTION_ID" AS VARCHAR) AS named FROM CURATED."BALANCE_TIE__ROWS" t WHERE t."DELETED_AT" IS NULL AND t."STATE" IN ('differs') ORDER BY 1 LIMIT 5) k
) q;
