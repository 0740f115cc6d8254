/* ledgerloop
table: subscription
key: [id]
materialized: view
contract: subscription
touched_by:
  src.subscriptions: [id]
*/
select id, customer_id, status, plan_id, currency, amount_minor, quantity, collection_method, period_start, period_end, description, created_at, updated_at
from staging.src_subscriptions
