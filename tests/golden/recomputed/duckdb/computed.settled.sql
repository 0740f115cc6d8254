INSERT INTO temp."made_settled" ("entry_id", "account_id", "name", "memo", "amount", "currency")
SELECT n."entry_id", n."account_id", n."name", n."memo", n."amount", n."currency" FROM (SELECT CAST(m."entry_id" AS VARCHAR) AS "entry_id", CAST(m."account_id" AS VARCHAR) AS "account_id", CAST(m."name" AS VARCHAR) AS "name", CAST(m."memo" AS VARCHAR) AS "memo", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency" FROM (
select e.entry_id, e.account_id, a.name, case when l.status = 'linked' then l.memo else '-' end as memo, e.amount, e.currency
from staging.app_entries e
left join curated.link l on l.entry_id = e.entry_id
left join curated.account a on a.account_id = e.account_id
) m) n
WHERE n."entry_id" IS NOT NULL;
