SELECT 'standing' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.row_count AS VARCHAR) AS c2 FROM (
SELECT f.curated, f.rule, COUNT(*) AS row_count FROM OPS."CURATED_FINDING" f
WHERE f.curated IN ('account', 'entry') GROUP BY f.curated, f.rule
) q
UNION ALL
SELECT 'first-keys' AS question, '=' || CAST(q.curated AS VARCHAR) AS c0, '=' || CAST(q.rule AS VARCHAR) AS c1, '=' || CAST(q.business_key AS VARCHAR) AS c2 FROM (
SELECT n.curated, n.rule, n.business_key FROM (
  SELECT f.curated, f.rule, f.business_key, ROW_NUMBER() OVER (PARTITION BY f.curated, f.rule ORDER BY f.business_key) AS place
  FROM OPS."CURATED_FINDING" f WHERE f.curated IN ('account', 'entry')
) n WHERE n.place <= 5
) q;
