SELECT 'breaking.settled' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."entry_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."memo" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR)) FROM curated."settled__rows" c WHERE c._publication = 6 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q;
