/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: revenue_month
key: [month, currency, source]
contract: revenue_month
touched_by:
  curated.payment: [month, currency, source]
*/
select month, currency, source, count(*) as payments, cast(sum(amount_minor) as bigint) as amount_minor
from curated.payment
group by month, currency, source
