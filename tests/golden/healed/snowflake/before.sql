SELECT 'stock' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
SELECT 'app.entries' AS feed, s._currency AS currency, CAST(COUNT(*) AS VARCHAR) AS row_count,
  CAST(COALESCE(SUM(CAST(s._minor AS NUMBER(38, 0))), 0) AS VARCHAR) AS minor
FROM STAGING."APP_ENTRIES__ROWS" s WHERE s._deleted_at IS NULL GROUP BY s._currency
) q
UNION ALL
SELECT 'left' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.currency AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, '=' || CAST(q.minor AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
SELECT f.feed, f.currency, CAST(f.row_count AS VARCHAR) AS row_count, CAST(f.minor AS VARCHAR) AS minor FROM OPS."FLOW" f
WHERE f.run_group = 'desk' AND f.class = 'closing_stock' AND f.number = (SELECT MAX(p.number) FROM OPS."PUBLICATION" p WHERE p.run_group = 'desk')
) q
UNION ALL
SELECT 'waiting' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.kind AS VARCHAR) AS c1, '=' || CAST(q.currency AS VARCHAR) AS c2, '=' || CAST(q.row_count AS VARCHAR) AS c3, '=' || CAST(q.minor AS VARCHAR) AS c4, '=' || CAST(q.oldest AS VARCHAR) AS c5 FROM (
SELECT q.feed, q.kind, q.currency, CAST(SUM(CAST(q.copies AS NUMBER(38, 0))) AS VARCHAR) AS row_count, CAST(SUM(CAST(q.copies * q.minor AS NUMBER(38, 0))) AS VARCHAR) AS minor, CAST(MIN(q.opened_at) AS VARCHAR) AS oldest
FROM OPS."OPEN_QUARANTINE" q WHERE q.run_group = 'desk' GROUP BY q.feed, q.kind, q.currency
) q
UNION ALL
SELECT 'recent' AS question, '=' || CAST(q.feed AS VARCHAR) AS c0, '=' || CAST(q.class AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
SELECT f.feed, f.class, CAST(SUM(CAST(f.row_count AS NUMBER(38, 0))) AS VARCHAR) AS row_count FROM OPS."FLOW" f
WHERE f.run_group = 'desk' AND f.window_end > CAST('2026-10-31 05:00:00.000' AS TIMESTAMP_NTZ(6)) AND f.window_end <= CAST('2026-11-01 05:00:00.000' AS TIMESTAMP_NTZ(6))
GROUP BY f.feed, f.class
) q
UNION ALL
SELECT 'judged' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.fingerprint AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
SELECT n.curated, n.rule, n.fingerprint FROM (
  SELECT r.curated, r.rule, r.fingerprint, ROW_NUMBER() OVER (PARTITION BY r.curated, r.rule ORDER BY r.judged_at DESC, r.number DESC) AS newest
  FROM OPS."CURATED_RULE" r WHERE r.curated IN ('account', 'link', 'settled', 'memo_total')
) n WHERE n.newest = 1 AND n.fingerprint IS NOT NULL
) q
UNION ALL
SELECT 'standing' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2, CAST(NULL AS VARCHAR) AS c3, CAST(NULL AS VARCHAR) AS c4, CAST(NULL AS VARCHAR) AS c5 FROM (
SELECT f.curated, f.rule, COUNT(*) AS row_count FROM OPS."CURATED_FINDING" f
WHERE f.curated IN ('account', 'link', 'settled', 'memo_total') GROUP BY f.curated, f.rule
) q;
