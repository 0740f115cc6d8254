/* ledgerloop
table: payment
key: [id]
materialized: view
contract: payment
touched_by:
  src.payments: [id]
*/
select id, invoice_id, customer_id, status, method, currency, amount_minor, fee_minor, receipt_email, description, created_at, updated_at
from staging.src_payments
