SELECT 'account' AS question, '=' || CAST(q.keys AS VARCHAR) AS c0, '=' || CAST(q.written AS VARCHAR) AS c1 FROM (
SELECT CONCAT_WS(',', CAST((SELECT COUNT(*) FROM temp."touched_account" t) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."account__rows" c JOIN temp."touched_account" t ON c."account_id" = t."account_id" WHERE c._publication < 1 AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM curated."account__rows" n WHERE n._publication = 1 AND n."account_id" = c."account_id")) AS VARCHAR), CAST((SELECT COALESCE(SUM(CAST(g.n - 1 AS HUGEINT)), 0) FROM (SELECT COUNT(*) AS n FROM curated."account__rows" c GROUP BY c."account_id" HAVING COUNT(*) > 1) g) AS VARCHAR)) AS keys,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."account__rows" c WHERE c._publication = 1) AS written
) q
UNION ALL
SELECT 'entry' AS question, '=' || CAST(q.keys AS VARCHAR) AS c0, '=' || CAST(q.written AS VARCHAR) AS c1 FROM (
SELECT CONCAT_WS(',', CAST((SELECT COUNT(*) FROM temp."touched_entry" t) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN temp."touched_entry" t ON c."entry_id" = t."entry_id" WHERE c._publication < 1 AND c.deleted_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM curated."entry__rows" n WHERE n._publication = 1 AND n."entry_id" = c."entry_id")) AS VARCHAR), CAST((SELECT COALESCE(SUM(CAST(g.n - 1 AS HUGEINT)), 0) FROM (SELECT COUNT(*) AS n FROM curated."entry__rows" c GROUP BY c."entry_id" HAVING COUNT(*) > 1) g) AS VARCHAR)) AS keys,
  (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c.deleted_at IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c.deleted_at IS NOT NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 1) AS written
) q
UNION ALL
SELECT 'breaking.account' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."name" IS NULL) AS VARCHAR)) FROM curated."account__rows" c WHERE c._publication = 1 AND c.deleted_at IS NULL) AS of_rows, NULL AS of_keys
) q
UNION ALL
SELECT 'breaking.entry' AS question, '=' || CAST(q.of_rows AS VARCHAR) AS c0, '=' || CAST(q.of_keys AS VARCHAR) AS c1 FROM (
SELECT (SELECT CONCAT_WS(',', CAST(count(*) FILTER (WHERE c."entry_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."account_id" IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE CAST(c."amount" AS VARCHAR) IS NULL) AS VARCHAR), CAST(count(*) FILTER (WHERE c."currency" IS NULL) AS VARCHAR)) FROM curated."entry__rows" c WHERE c._publication = 1 AND c.deleted_at IS NULL) AS of_rows, CONCAT_WS(',', CAST((SELECT COUNT(*) FROM curated."entry__rows" c JOIN (
    SELECT REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(g."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') AS _key0 FROM curated."entry__rows" g JOIN (SELECT DISTINCT REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(w."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') AS _key0 FROM curated."entry__rows" w WHERE w._publication = 1 AND w.deleted_at IS NULL) f ON f._key0 = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(g."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') WHERE g.deleted_at IS NULL GROUP BY REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(g."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') HAVING COUNT(*) > 1
  ) d ON d._key0 = REGEXP_REPLACE(REGEXP_REPLACE(LOWER(TRIM(c."entry_id", ' ' || CHR(9) || CHR(10) || CHR(13) || CHR(160))), '^([+-]?[0-9]+)[.]0+$', '\1'), '^([+-]?)0+([^0]|0$)', '\1\2') WHERE c.deleted_at IS NULL) AS VARCHAR), CAST((SELECT COUNT(*) FROM curated."entry__rows" c WHERE c._publication = 1 AND c.deleted_at IS NULL AND c."account_id" IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM curated."account__rows" p WHERE p."account_id" = c."account_id")) AS VARCHAR)) AS of_keys
) q;
