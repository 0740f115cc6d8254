/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: crosswalk_customer
key: [system, external_id]
contract: crosswalk_customer
touched_by:
  stripe.customers:
    - ["'stripe'", id]
    - { join: stripe.customers, on: { customer_ref: customer_ref }, key: ["'stripe'", id] }
  salesforce.accounts:
    - ["'salesforce'", id]
    - { join: salesforce.accounts, on: { customer_ref: customer_ref }, key: ["'salesforce'", id] }
  billing.customers:
    - { join: stripe.customers, on: { customer_id: customer_ref }, key: ["'stripe'", id] }
    - { join: salesforce.accounts, on: { customer_id: customer_ref }, key: ["'salesforce'", id] }
*/
-- A record that names a customer of billing is linked to it, unless another one of its system names the same: then both are in doubt.
with records as (
  select 'stripe' as system, id as external_id, customer_ref from staging.stripe_customers
  union all
  select 'salesforce' as system, id as external_id, customer_ref from staging.salesforce_accounts
),
judged as (
  select
    r.system,
    r.external_id,
    r.customer_ref,
    case
      when b.customer_id is null then 'unlinked'
      when count(*) over (partition by r.system, r.customer_ref) > 1 then 'conflict'
      else 'linked'
    end as status
  from records r
  left join staging.billing_customers b on b.customer_id = r.customer_ref
)
select
  system,
  external_id,
  customer_ref as claimed_id,
  case when status = 'linked' then customer_ref end as customer_id,
  status
from judged
