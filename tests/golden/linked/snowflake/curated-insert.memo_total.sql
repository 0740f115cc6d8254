INSERT INTO CURATED."MEMO_TOTAL__ROWS" ("MEMO", "CURRENCY", "ENTRIES", "AMOUNT", "NEWEST_NAME", "_CONTRACT_VERSION", "_PUBLICATION", "DELETED_AT")
SELECT n."MEMO", n."CURRENCY", n."ENTRIES", n."AMOUNT", n."NEWEST_NAME", '1.0.0', 4, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM (SELECT CAST(m."MEMO" AS VARCHAR) AS "MEMO", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY", CAST(m."ENTRIES" AS NUMBER(19, 0)) AS "ENTRIES", CAST(m."AMOUNT" AS NUMBER(19, 0)) AS "AMOUNT", CAST(m."NEWEST_NAME" AS VARCHAR) AS "NEWEST_NAME" FROM (
select s.memo, s.currency, count(*) as entries, cast(sum(s.amount) as bigint) as amount, max(s.name) as newest_name
from curated.settled s
group by s.memo, s.currency
) m) n
JOIN "TOUCHED_MEMO_TOTAL" t ON n."MEMO" = t."MEMO" AND n."CURRENCY" = t."CURRENCY";
