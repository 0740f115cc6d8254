SELECT 'breaking-all.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE NOT (amount < 1000
)) AS VARCHAR)) FROM curated."entry__rows" c WHERE c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN (
    SELECT g."memo" AS _key0 FROM curated."entry__rows" g WHERE g.deleted_at IS NULL GROUP BY g."memo" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."memo" WHERE c.deleted_at IS NULL) AS VARCHAR)) AS of_keys
) q;
