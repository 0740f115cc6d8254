INSERT INTO "MADE_SETTLED" ("ENTRY_ID", "ACCOUNT_ID", "NAME", "MEMO", "AMOUNT", "CURRENCY")
SELECT n."ENTRY_ID", n."ACCOUNT_ID", n."NAME", n."MEMO", n."AMOUNT", n."CURRENCY" FROM (SELECT CAST(m."ENTRY_ID" AS VARCHAR) AS "ENTRY_ID", CAST(m."ACCOUNT_ID" AS VARCHAR) AS "ACCOUNT_ID", CAST(m."NAME" AS VARCHAR) AS "NAME", CAST(m."MEMO" AS VARCHAR) AS "MEMO", CAST(m."AMOUNT" AS NUMBER(19, 0)) AS "AMOUNT", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY" FROM (
select e.entry_id, e.account_id, a.name, case when l.status = 'linked' then l.memo else '-' end as memo, e.amount, e.currency
from staging.app_entries e
left join curated.link l on l.entry_id = e.entry_id
left join curated.account a on a.account_id = e.account_id
) m) n
WHERE n."ENTRY_ID" IS NOT NULL;
