/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
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
  b.quantity,
  b.billing_interval,
  b.collection_method,
  b.period_start,
  b.period_end,
  b.trial_end,
  b.started_on,
  b.canceled_at,
  case when s.records is null then 'unlinked' when s.records > 1 then 'conflict' else 'linked' end as stripe_link,
  case when s.records = 1 then s.id end as stripe_subscription_id,
  case when s.records = 1 then s.status end as stripe_status,
  b.id as source_row_id,
  b.created_at,
  b.updated_at
from staging.billing_subscriptions b
left join claims s on s.subscription_ref = b.subscription_id
