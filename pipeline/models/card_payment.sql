/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: card_payment
key: [charge_id]
contract: card_payment
touched_by:
  stripe.charges: [id]
  stripe.refunds: [charge_id]
*/
with back as (
  select
    charge_id,
    sum(amount_minor) as amount_minor,
    count(*) as refunds
  from staging.stripe_refunds
  where status = 'succeeded'
  group by charge_id
)
select
  c.id as charge_id,
  c.customer_id,
  c.status,
  c.currency,
  c.amount_minor,
  coalesce(b.amount_minor, 0) as refunded_minor,
  coalesce(b.refunds, 0) as refunds,
  c.disputed,
  c.created_at
from staging.stripe_charges as c
left join back as b on b.charge_id = c.id
