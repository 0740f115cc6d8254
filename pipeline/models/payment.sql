/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: payment
key: [payment_id]
contract: payment
touched_by:
  billing.payments: [payment_id]
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
