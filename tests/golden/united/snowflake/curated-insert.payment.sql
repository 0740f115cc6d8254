INSERT INTO CURATED."PAYMENT__ROWS" ("PAYMENT_ID", "SOURCE", "AMOUNT", "CURRENCY", "_CONTRACT_VERSION", "_PUBLICATION", "DELETED_AT")
SELECT n."PAYMENT_ID", n."SOURCE", n."AMOUNT", n."CURRENCY", '1.0.0', 3, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM (SELECT CAST(m."PAYMENT_ID" AS VARCHAR) AS "PAYMENT_ID", CAST(m."SOURCE" AS VARCHAR) AS "SOURCE", CAST(m."AMOUNT" AS NUMBER(19, 0)) AS "AMOUNT", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY" FROM (
select payment_id, 'card' as source, amount, currency from staging.app_charges
union all
select payment_id, 'bank' as source, amount, currency from staging.app_transfers
) m) n
JOIN "TOUCHED_PAYMENT" t ON n."PAYMENT_ID" = t."PAYMENT_ID";
