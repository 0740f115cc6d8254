/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: customer
key: [customer_id]
contract: customer
touched_by:
  billing.customers: [customer_id]
  stripe.customers: [customer_ref]
  salesforce.accounts: [customer_ref]
  curated.crosswalk_customer: [customer_id]
*/
-- Billing says who is a customer. Of the other systems speak only records whose link is not in doubt: there is one of each at most.
select
  b.customer_id,
  b.legal_name,
  coalesce(b.display_name, a.name) as display_name,
  coalesce(b.email, s.email) as email,
  b.phone,
  b.country,
  b.currency,
  b.tax_exempt,
  b.billing_address,
  b.vat_number,
  b.balance_minor,
  b.delinquent,
  b.segment,
  a.industry,
  s.id as stripe_customer_id,
  a.id as salesforce_account_id,
  b.row_version,
  b.id as source_row_id,
  b.created_at,
  b.updated_at
from staging.billing_customers b
left join curated.crosswalk_customer xs on xs.customer_id = b.customer_id and xs.system = 'stripe'
left join staging.stripe_customers s on s.id = xs.external_id and s.customer_ref = b.customer_id
left join curated.crosswalk_customer xa on xa.customer_id = b.customer_id and xa.system = 'salesforce'
left join staging.salesforce_accounts a on a.id = xa.external_id and a.customer_ref = b.customer_id
