INSERT INTO curated."settled__rows" ("entry_id", "account_id", "name", "memo", "amount", "currency", "_contract_version", "_publication", "deleted_at")
SELECT n."entry_id", n."account_id", n."name", n."memo", n."amount", n."currency", '1.0.0', 5, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."entry_id" AS VARCHAR) AS "entry_id", CAST(m."account_id" AS VARCHAR) AS "account_id", CAST(m."name" AS VARCHAR) AS "name", CAST(m."memo" AS VARCHAR) AS "memo", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency" FROM (
WITH "app_entries" AS (SELECT s.* FROM staging."app_entries" s JOIN temp."touched_settled" t ON s."entry_id" = t."entry_id"),
"link" AS (SELECT s.* FROM curated."link" s JOIN temp."touched_settled" t ON s."entry_id" = t."entry_id"),
"account" AS (SELECT s.* FROM curated."account" s JOIN (SELECT DISTINCT v.c0 FROM (SELECT n1."account_id" AS c0 FROM staging."app_entries" n1 JOIN temp."touched_settled" t ON n1."entry_id" = t."entry_id") v) w ON s."account_id" = w.c0)
SELECT * FROM (
select e.entry_id, e.account_id, a.name, case when l.status = 'linked' then l.memo else '-' end as memo, e.amount, e.currency
from "app_entries" e
left join "link" l on l.entry_id = e.entry_id
left join "account" a on a.account_id = e.account_id
) e
) m) n
JOIN temp."touched_settled" t ON n."entry_id" = t."entry_id";
