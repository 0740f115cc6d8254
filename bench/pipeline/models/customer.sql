/* ledgerloop
table: customer
key: [id]
materialized: view
contract: customer
touched_by:
  src.customers: [id]
*/
select id, email, name, country, currency, phone, tax_exempt, balance_minor, delinquent, description, created_at, updated_at
from staging.src_customers
