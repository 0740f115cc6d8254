INSERT INTO curated."settled__rows" ("entry_id", "account_id", "name", "memo", "amount", "currency", "_contract_version", "_publication", "deleted_at")
SELECT n."entry_id", n."account_id", n."name", n."memo", n."amount", n."currency", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."entry_id" AS VARCHAR) AS "entry_id", CAST(m."account_id" AS VARCHAR) AS "account_id", CAST(m."name" AS VARCHAR) AS "name", CAST(m."memo" AS VARCHAR) AS "memo", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency" FROM (
WITH "app_entries" AS (SELECT l."id", l."entry_id", l."account_id", l."amount", l."currency", l."memo" FROM temp."label_app_entries" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_app_entries" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
select e.entry_id, e.account_id, a.name, case when l.status = 'linked' then l.memo else '-' end as memo, e.amount, e.currency
from "app_entries" e
left join curated.link l on l.entry_id = e.entry_id
left join curated.account a on a.account_id = e.account_id
) e
) m) n
WHERE n."entry_id" IS NOT NULL;
