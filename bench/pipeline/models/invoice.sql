/* ledgerloop
table: invoice
key: [id]
materialized: view
contract: invoice
touched_by:
  src.invoices: [id]
*/
select id, customer_id, subscription_id, invoice_number, status, billing_reason, currency, amount_due, amount_paid, tax_minor, customer_email, customer_country, description, period_start, period_end, due_at, created_at, updated_at
from staging.src_invoices
