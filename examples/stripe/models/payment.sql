/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: payment
key: [payment_id]
contract: payment
touched_by:
  stripe.charges: [id]
  stripe.refunds: [id]
*/
select
  id as payment_id,
  'charge' as kind,
  status,
  customer_id,
  id as charge_id,
  currency,
  amount_minor,
  created_at
from staging.stripe_charges
union all
select
  id as payment_id,
  'refund' as kind,
  status,
  null as customer_id,
  charge_id,
  currency,
  -amount_minor as amount_minor,
  created_at
from staging.stripe_refunds
