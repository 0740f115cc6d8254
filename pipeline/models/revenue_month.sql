/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: revenue_month
key: [month, currency, source]
contract: revenue_month
touched_by:
  curated.payment: [month, currency, source]
*/
select
  month,
  currency,
  source,
  count(*) as payments,
  cast(sum(case when status = 'succeeded' then amount_minor else 0 end) as bigint) as amount_minor,
  cast(sum(case when status = 'pending' then amount_minor else 0 end) as bigint) as pending_minor
from curated.payment
group by month, currency, source
