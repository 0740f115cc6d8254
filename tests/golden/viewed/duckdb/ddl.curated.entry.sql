CREATE OR REPLACE VIEW curated."entry__rows" AS
SELECT CAST(m."entry_id" AS VARCHAR) AS "entry_id", CAST(m."account" AS VARCHAR) AS "account", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."memo" AS VARCHAR) AS "memo", CASE WHEN m._publication <= 1 THEN '1.0.0' ELSE '1.1.0' END AS _contract_version, m._publication AS _publication, m._deleted_at AS deleted_at
FROM (
select e.entry_id, e.account_id as account, amount, currency, coalesce(memo, '-') as memo -- what was written, or that nothing was
, _publication, _deleted_at from staging."app_entries__rows" as e
) m;
