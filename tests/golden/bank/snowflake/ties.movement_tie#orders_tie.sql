SELECT 'states' AS question, '=' || CAST(q.state AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3 FROM (
SELECT g.state, g.currency, COUNT(*) AS row_count, SUM(CAST(g.minor AS NUMBER(38, 0))) AS minor FROM (
  SELECT COALESCE(t."STATE", '-') AS state, COALESCE(t."CURRENCY", '-') AS currency, COALESCE(ABS(t."AMOUNT"), 0) AS minor FROM CURATED."MOVEMENT_TIE__ROWS" t WHERE t."DELETED_AT" IS NULL AND t."STATE" IN ('tied')
  UNION ALL
  SELECT CASE WHEN w.source_key IS NULL THEN COALESCE(t."STATE", '-') ELSE 'waiting' END AS state, COALESCE(t."CURRENCY", '-') AS currency, COALESCE(ABS(t."AMOUNT"), 0) AS minor FROM CURATED."MOVEMENT_TIE__ROWS" t
  LEFT JOIN (SELECT DISTINCT q.feed, q.source_key FROM OPS."OPEN_QUARANTINE" q WHERE q.source_key IS NOT NULL) w ON t."STATE" IN ('absent') AND w.feed = t."ORDERED_IN" AND w.source_key = REPLACE(REPLACE(CAST(t."DESK" AS VARCHAR), '\\', '\\\\'), '|', '\\|') || '|' || REPLACE(REPLACE(CAST(t."ORDER_NO" AS VARCHAR), '\\', '\\\\'), '|', '\\|')
  WHERE t."DELETED_AT" IS NULL AND (t."STATE" IS NULL OR NOT t."STATE" IN ('tied'))
) g GROUP BY g.state, g.currency
) q
UNION ALL
SELECT 'differing' AS question, '=' || CAST(q.named AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3 FROM (
SELECT k.named AS named FROM (SELECT CAST(t."MOVEMENT_ID" AS VARCHAR) AS named FROM CURATED."MOVEMENT_TIE__ROWS" t WHERE t."DELETED_AT" IS NULL AND t."STATE" IN ('differs') ORDER BY 1 LIMIT 5) k
) q;
