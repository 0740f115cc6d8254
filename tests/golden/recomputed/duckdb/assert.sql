SELECT 'account' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_account" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 4 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_account" k) AS VARCHAR)) FROM temp."touched_account" t LEFT JOIN curated."account__rows" c ON c."account_id" = t."account_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."account__rows" c WHERE c._publication = 4) AS written
) q
UNION ALL
SELECT 'link' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_link" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 4 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_link" k) AS VARCHAR)) FROM temp."touched_link" t LEFT JOIN curated."link__rows" c ON c."entry_id" = t."entry_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."link__rows" c WHERE c._publication = 4) AS written
) q
UNION ALL
SELECT 'settled' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_settled" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 4 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_settled" k) AS VARCHAR)) FROM temp."touched_settled" t LEFT JOIN curated."settled__rows" c ON c."entry_id" = t."entry_id") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."settled__rows" c WHERE c._publication = 4) AS written
) q
UNION ALL
SELECT 'memo_total' AS question, '=' || CAST(q.touched AS VARCHAR) AS c0, '=' || CAST(q.suspect AS VARCHAR) AS c1, '=' || CAST(q.written AS VARCHAR) AS c2 FROM (
SELECT CAST((SELECT COUNT(*) FROM temp."touched_memo_total" t) AS VARCHAR) AS touched, (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c._publication < 4 AND c.deleted_at IS NULL) AS VARCHAR), CAST(COUNT(*) - (SELECT COUNT(*) FROM temp."touched_memo_total" k) AS VARCHAR)) FROM temp."touched_memo_total" t LEFT JOIN curated."memo_total__rows" c ON c."memo" = t."memo" AND c."currency" = t."currency") AS suspect,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."memo_total__rows" c WHERE c._publication = 4) AS written
) q
UNION ALL
SELECT 'breaking.account' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."name" IS NULL) AS VARCHAR)) FROM curated."account__rows" c WHERE c._publication = 4 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q
UNION ALL
SELECT 'breaking.link' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."entry_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."status" IS NULL) AS VARCHAR)) FROM curated."link__rows" c WHERE c._publication = 4 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q
UNION ALL
SELECT 'breaking.settled' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."entry_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."memo" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR)) FROM curated."settled__rows" c WHERE c._publication = 4 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q
UNION ALL
SELECT 'breaking.memo_total' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1, CAST(NULL AS VARCHAR) AS c2 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."memo" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."entries" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."amount" IS NULL) AS VARCHAR)) FROM curated."memo_total__rows" c WHERE c._publication = 4 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q;
