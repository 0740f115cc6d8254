/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: payment
key: [payment_id]
contract: payment
touched_by:
  billing.payments: [payment_id]
  partners.remittances: [remittance_id]
*/
select
  payment_id,
  invoice_id,
  customer_id,
  kind,
  status,
  method,
  currency,
  amount_minor,
  fee_minor,
  receipt_email,
  card_last4,
  description,
  received_at,
  posted_on,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_payments
union all
select
  remittance_id as payment_id,
  invoice_id,
  customer_id,
  'remittance' as kind,
  'succeeded' as status,
  null as method,
  currency,
  -- each currency that the contract accepts has two decimals
  cast(amount as numeric(20, 2)) * 100 as amount_minor,
  null as fee_minor,
  null as receipt_email,
  null as card_last4,
  note as description,
  null as received_at,
  paid_on as posted_on,
  null as source_row_id,
  null as created_at,
  null as updated_at
from staging.partners_remittances
