SELECT 'breaking-all.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(COUNT(CASE WHEN NOT (amount < 1000
) THEN 1 END) AS VARCHAR)) FROM CURATED."ENTRY__ROWS" c WHERE c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM CURATED."ENTRY__ROWS" c JOIN (
    SELECT g."MEMO" AS _key0 FROM CURATED."ENTRY__ROWS" g WHERE g.deleted_at IS NULL GROUP BY g."MEMO" HAVING COUNT(*) > 1
  ) d ON d._key0 = c."MEMO" WHERE c.deleted_at IS NULL) AS VARCHAR)) AS of_keys
) q;
