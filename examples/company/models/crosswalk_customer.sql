/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: crosswalk_customer
key: [system, external_id]
contract: crosswalk_customer
touched_by:
  stripe.customers: >-
    select 'stripe', id from changed
    union select 'stripe', s.id from changed c join staging.stripe_customers s on s.customer_ref = c.customer_ref
  salesforce.accounts: >-
    select 'salesforce', id from changed
    union select 'salesforce', a.id from changed c join staging.salesforce_accounts a on a.customer_ref = c.customer_ref
  billing.customers: >-
    select 'stripe', s.id from changed c join staging.stripe_customers s on s.customer_ref = c.customer_id
    union select 'salesforce', a.id from changed c join staging.salesforce_accounts a on a.customer_ref = c.customer_id
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
