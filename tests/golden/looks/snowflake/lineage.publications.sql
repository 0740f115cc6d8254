SELECT CAST(p.number AS VARCHAR) AS number, p.publication_id, p.run_id, p.kind, CAST(p.published_at AS VARCHAR) AS published_at,
  CAST(f.inserted AS VARCHAR) AS inserted, CAST(f.updated AS VARCHAR) AS updated
FROM OPS."PUBLICATION" p LEFT JOIN (
  SELECT f.number, SUM(CAST(CASE WHEN f.class IN ('inserted', 'released_inserted') THEN f.row_count ELSE 0 END AS NUMBER(38, 0))) AS inserted, SUM(CAST(CASE WHEN f.class IN ('updated', 'released_updated') THEN f.row_count ELSE 0 END AS NUMBER(38, 0))) AS updated
  FROM OPS."FLOW" f WHERE f.run_group = 'desk' AND f.feed = 'app.entries' GROUP BY f.number
) f ON f.number = p.number
WHERE p.run_group = 'desk' AND p.number IN (1);
