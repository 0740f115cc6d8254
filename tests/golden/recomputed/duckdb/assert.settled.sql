SELECT 'settled' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_settled" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 6 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_settled" k) AS VARCHAR)) FROM temp."touched_settled" t LEFT JOIN curated."settled__rows" c ON c."entry_id" = t."entry_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."settled__rows" c WHERE c._publication = 6) AS written
) q;
