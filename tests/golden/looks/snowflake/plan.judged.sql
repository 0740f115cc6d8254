SELECT 'judged' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.fingerprint AS VARCHAR) AS c2 FROM (
SELECT n.curated, n.rule, n.fingerprint FROM (
  SELECT r.curated, r.rule, r.fingerprint, ROW_NUMBER() OVER (PARTITION BY r.curated, r.rule ORDER BY r.judged_at DESC, r.number DESC) AS newest
  FROM OPS."CURATED_RULE" r WHERE r.curated IN ('account', 'entry')
) n WHERE n.newest = 1 AND n.fingerprint IS NOT NULL
) q
UNION ALL
SELECT 'standing' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2 FROM (
SELECT f.curated, f.rule, COUNT(*) AS row_count FROM OPS."CURATED_FINDING" f
WHERE f.curated IN ('account', 'entry') GROUP BY f.curated, f.rule
) q;
