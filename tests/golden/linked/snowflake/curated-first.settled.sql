INSERT INTO CURATED."SETTLED__ROWS" ("ENTRY_ID", "ACCOUNT_ID", "NAME", "MEMO", "AMOUNT", "CURRENCY", "_CONTRACT_VERSION", "_PUBLICATION", "DELETED_AT")
SELECT n."ENTRY_ID", n."ACCOUNT_ID", n."NAME", n."MEMO", n."AMOUNT", n."CURRENCY", '1.0.0', 1, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM (SELECT CAST(m."ENTRY_ID" AS VARCHAR) AS "ENTRY_ID", CAST(m."ACCOUNT_ID" AS VARCHAR) AS "ACCOUNT_ID", CAST(m."NAME" AS VARCHAR) AS "NAME", CAST(m."MEMO" AS VARCHAR) AS "MEMO", CAST(m."AMOUNT" AS NUMBER(19, 0)) AS "AMOUNT", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY" FROM (
WITH "APP_ENTRIES" AS (SELECT l."ID", l."ENTRY_ID", l."ACCOUNT_ID", l."AMOUNT", l."CURRENCY", l."MEMO" FROM "LABEL_APP_ENTRIES" l WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_APP_ENTRIES" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
select e.entry_id, e.account_id, a.name, case when l.status = 'linked' then l.memo else '-' end as memo, e.amount, e.currency
from "APP_ENTRIES" e
left join curated.link l on l.entry_id = e.entry_id
left join curated.account a on a.account_id = e.account_id
) e
) m) n
WHERE n."ENTRY_ID" IS NOT NULL;
