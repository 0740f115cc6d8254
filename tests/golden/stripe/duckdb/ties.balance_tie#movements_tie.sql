SELECT 'states' AS question, '=' || CAST(q.state AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3 FROM (
SELECT g.state, g.currency, COUNT(*) AS row_count, SUM(CAST(g.minor AS HUGEINT)) AS minor FROM (
  SELECT COALESCE(t."state", '-') AS state, COALESCE(t."currency", '-') AS currency, COALESCE(ABS(t."amount_minor"), 0) AS minor FROM curated."balance_tie__rows" t WHERE t."deleted_at" IS NULL AND t."state" IN ('tied')
  UNION ALL
  SELECT CASE WHEN w.source_key IS NULL THEN COALESCE(t."state", '-') ELSE 'waiting' END AS state, COALESCE(t."currency", '-') AS currency, COALESCE(ABS(t."amount_minor"), 0) AS minor FROM curated."balance_tie__rows" t
  LEFT JOIN (SELECT DISTINCT q.feed, q.source_key FROM ops."open_quarantine" q WHERE q.source_key IS NOT NULL) w ON t."state" IN ('absent') AND w.feed = t."source_feed" AND w.source_key = CAST(t."source_id" AS VARCHAR)
  WHERE t."deleted_at" IS NULL AND (t."state" IS NULL OR NOT t."state" IN ('tied'))
) g GROUP BY g.state, g.currency
) q
UNION ALL
SELECT 'differing' AS question, '=' || CAST(q.named AS VARCHAR) AS c0, CAST(NULL AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3 FROM (
SELECT k.named AS named FROM (SELECT CAST(t."balance_transaction_id" AS VARCHAR) AS named FROM curated."balance_tie__rows" t WHERE t."deleted_at" IS NULL AND t."state" IN ('differs') ORDER BY 1 LIMIT 5) k
) q;
