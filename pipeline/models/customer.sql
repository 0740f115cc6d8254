/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: customer
key: [customer_id]
contract: customer
touched_by:
  billing.customers: [customer_id]
*/
select
  customer_id,
  legal_name,
  display_name,
  email,
  phone,
  country,
  currency,
  tax_exempt,
  billing_address,
  vat_number,
  balance_minor,
  delinquent,
  segment,
  row_version,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_customers
