INSERT INTO curated."memo_total__rows" ("memo", "currency", "entries", "amount", "newest_name", "_contract_version", "_publication", "deleted_at")
SELECT n."memo", n."currency", n."entries", n."amount", n."newest_name", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."memo" AS VARCHAR) AS "memo", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."entries" AS BIGINT) AS "entries", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."newest_name" AS VARCHAR) AS "newest_name" FROM (
select s.memo, s.currency, count(*) as entries, cast(sum(s.amount) as bigint) as amount, max(s.name) as newest_name
from curated.settled s
group by s.memo, s.currency
) m) n
WHERE n."memo" IS NOT NULL AND n."currency" IS NOT NULL;
