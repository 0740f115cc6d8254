/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: subscription
key: [subscription_id]
contract: subscription
touched_by:
  billing.subscriptions: [subscription_id]
  stripe.subscriptions: [subscription_ref]
*/
with claims as (
  select subscription_ref, count(*) as records, min(id) as id, min(status) as status
  from staging.stripe_subscriptions
  where subscription_ref is not null
  group by subscription_ref
)
select
  b.subscription_id,
  b.customer_id,
  b.plan_id,
  b.status,
  b.currency,
  b.amount_minor,
  case when s.records is null then 'unlinked' when s.records > 1 then 'conflict' else 'linked' end as stripe_link,
  case when s.records = 1 then s.id end as stripe_subscription_id,
  case when s.records = 1 then s.status end as stripe_status
from staging.billing_subscriptions b
left join claims s on s.subscription_ref = b.subscription_id
