INSERT INTO curated."payment__rows" ("payment_id", "source", "amount", "currency", "_contract_version", "_publication", "deleted_at")
SELECT n."payment_id", n."source", n."amount", n."currency", '1.0.0', 3, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."payment_id" AS VARCHAR) AS "payment_id", CAST(m."source" AS VARCHAR) AS "source", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency" FROM (
select payment_id, 'card' as source, amount, currency from staging.app_charges
union all
select payment_id, 'bank' as source, amount, currency from staging.app_transfers
) m) n
JOIN temp."touched_payment" t ON n."payment_id" = t."payment_id";
