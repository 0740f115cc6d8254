/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: invoice
key: [invoice_id]
contract: invoice
touched_by:
  billing.invoices: [invoice_id]
*/
select
  invoice_id,
  invoice_number,
  customer_id,
  subscription_id,
  status,
  billing_reason,
  currency,
  subtotal_minor,
  tax_minor,
  amount_due_minor,
  amount_paid_minor,
  period_start,
  period_end,
  issued_on,
  due_on,
  customer_email,
  description,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_invoices
