/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: subscription
key: [subscription_id]
contract: subscription
touched_by:
  billing.subscriptions: [subscription_id]
*/
select
  subscription_id,
  customer_id,
  plan_id,
  status,
  currency,
  amount_minor,
  quantity,
  billing_interval,
  collection_method,
  period_start,
  period_end,
  trial_end,
  started_on,
  canceled_at,
  id as source_row_id,
  created_at,
  updated_at
from staging.billing_subscriptions
