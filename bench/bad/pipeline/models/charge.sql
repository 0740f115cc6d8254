/* ledgerloop
table: charge
key: [charge_id]
contract: charge
touched_by:
  src.charges: [charge_id]
*/
select charge_id, customer_id, status, currency, amount_minor, receipt_email, description, created_at, updated_at
from staging.src_charges
