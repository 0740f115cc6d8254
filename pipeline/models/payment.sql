/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: payment
key: [payment_id]
contract: payment
posting_date: posted_on
touched_by:
  stripe.charges:
    - [id]
    - [payment_ref]
    - { join: stripe.refunds, on: { id: charge_id } }
    - { join: stripe.disputes, on: { id: charge_id } }
    - { join: stripe.charges, on: { payment_ref: payment_ref }, key: [id] }
  stripe.refunds:
    - [id]
    - [payment_ref]
    - { join: stripe.refunds, on: { payment_ref: payment_ref }, key: [id] }
  stripe.disputes:
    - [id]
    - [payment_ref]
    - { join: stripe.disputes, on: { payment_ref: payment_ref }, key: [id] }
  stripe.balance_transactions:
    - { join: stripe.charges, on: { id: balance_transaction_id }, key: [id] }
    - { join: stripe.refunds, on: { id: balance_transaction_id }, key: [id] }
    - { join: stripe.disputes, on: { id: balance_transaction_id }, key: [id] }
  billing.payments:
    - [payment_id]
    - { join: stripe.charges, on: { payment_id: payment_ref }, key: [id] }
    - { join: stripe.refunds, on: { payment_id: payment_ref }, key: [id] }
    - { join: stripe.disputes, on: { payment_id: payment_ref }, key: [id] }
  partners.remittances: [remittance_id]
  curated.crosswalk_customer:
    - { join: stripe.charges, on: { external_id: customer_id } }
*/
-- What Stripe took, gave back and lost; what came to the bank; what partners paid on. A record of billing that one of Stripe, of its kind, names is a link
-- to it and no second payment; until Stripe has it, billing's stands for it, and where Stripe says that it failed and billing that it did not.
with moved as (
  select
    c.id as payment_id,
    'payment' as kind,
    -- money that is only authorised may come, unless it was released
    case when c.status = 'succeeded' and c.captured = true then 'succeeded' when c.status = 'failed' or (c.status = 'succeeded' and c.refunded = true) then 'failed' else 'pending' end as status,
    case when c.refunded = true then 1 else 0 end as given_back,
    c.payment_ref,
    c.customer_id as external_id,
    c.currency,
    case when c.status = 'succeeded' and c.captured = true then c.amount_captured_minor else c.amount_minor end as amount_minor,
    c.amount_minor as whole_minor,
    c.balance_transaction_id,
    c.card_last4,
    c.description,
    c.created_at,
    null as charged_at
  from staging.stripe_charges c
  union all
  select
    r.id as payment_id,
    'refund' as kind,
    -- a refund of what was never captured releases it, and no money moves
    case when r.status in ('failed', 'canceled') or (c.status = 'succeeded' and c.captured = false) then 'failed' when r.status = 'succeeded' then 'succeeded' else 'pending' end as status,
    0 as given_back,
    r.payment_ref,
    c.customer_id as external_id,
    r.currency,
    -r.amount_minor as amount_minor,
    -r.amount_minor as whole_minor,
    r.balance_transaction_id,
    c.card_last4,
    r.reason as description,
    r.created_at,
    c.created_at as charged_at
  from staging.stripe_refunds r
  left join staging.stripe_charges c on c.id = r.charge_id
  union all
  select
    d.id as payment_id,
    'dispute' as kind,
    -- a warning takes no money, and a dispute that was won gives it back
    case when d.status in ('won', 'prevented') or d.status like 'warning%' then 'failed' else 'succeeded' end as status,
    0 as given_back,
    d.payment_ref,
    c.customer_id as external_id,
    d.currency,
    -d.amount_minor as amount_minor,
    -d.amount_minor as whole_minor,
    d.balance_transaction_id,
    c.card_last4,
    d.reason as description,
    d.created_at,
    c.created_at as charged_at
  from staging.stripe_disputes d
  left join staging.stripe_charges c on c.id = d.charge_id
),
named as (
  select payment_ref, kind, sum(case when status = 'failed' then 0 else 1 end) as moves, sum(case when status = 'failed' or given_back = 1 then 0 else 1 end) as claims
  from moved
  where payment_ref is not null
  group by payment_ref, kind
),
payments as (
  select
    m.payment_id,
    'stripe' as source,
    m.kind,
    m.status,
    x.customer_id,
    coalesce(x.status, 'unlinked') as link_status,
    case when b.payment_id is null then null when (m.status = 'failed' and n.moves > 0) or (m.given_back = 1 and n.claims > 0) then 'superseded' when m.status <> 'failed' and m.given_back = 0 and n.claims > 1 then 'conflict' else 'linked' end as billing_link,
    b.invoice_id,
    b.payment_id as billing_payment_id,
    b.customer_id as billing_customer_id,
    b.status as billing_status,
    b.amount_minor as billing_amount_minor,
    b.currency as billing_currency,
    'card' as method,
    m.currency,
    -- before its version 2025-03-31 Stripe took the whole of what was captured in part, and gave the rest back by a refund: the movement says which
    case when t.currency = m.currency and t.amount_minor = m.whole_minor then m.whole_minor else m.amount_minor end as amount_minor,
    t.fee_minor,
    t.currency as fee_currency,
    m.card_last4,
    b.receipt_email,
    m.description,
    cast(m.created_at as date) as posted_on,
    m.created_at as received_at,
    cast(m.charged_at as date) as charged_on
  from moved m
  left join curated.crosswalk_customer x on x.system = 'stripe' and x.external_id = m.external_id
  left join staging.billing_payments b on b.payment_id = m.payment_ref and b.kind = m.kind
  left join named n on n.payment_ref = m.payment_ref and n.kind = m.kind
  left join staging.stripe_balance_transactions t on t.id = m.balance_transaction_id
  union all
  select
    p.payment_id,
    'billing' as source,
    p.kind,
    p.status,
    p.customer_id,
    'linked' as link_status,
    'own' as billing_link,
    p.invoice_id,
    p.payment_id as billing_payment_id,
    p.customer_id as billing_customer_id,
    p.status as billing_status,
    p.amount_minor as billing_amount_minor,
    p.currency as billing_currency,
    p.method,
    p.currency,
    p.amount_minor,
    p.fee_minor,
    p.currency as fee_currency,
    p.card_last4,
    p.receipt_email,
    p.description,
    p.posted_on,
    p.received_at,
    null as charged_on
  from staging.billing_payments p
  left join named n on n.payment_ref = p.payment_id and n.kind = p.kind
  where n.payment_ref is null or (n.moves = 0 and p.status <> 'failed')
  union all
  select
    r.remittance_id as payment_id,
    'partner' as source,
    'remittance' as kind,
    'succeeded' as status,
    r.customer_id,
    'linked' as link_status,
    null as billing_link,
    r.invoice_id,
    null as billing_payment_id,
    null as billing_customer_id,
    null as billing_status,
    null as billing_amount_minor,
    null as billing_currency,
    null as method,
    r.currency,
    -- each currency that the contract accepts has two decimals
    cast(cast(r.amount as numeric(20, 2)) * 100 as bigint) as amount_minor,
    null as fee_minor,
    null as fee_currency,
    null as card_last4,
    null as receipt_email,
    r.note as description,
    r.paid_on as posted_on,
    null as received_at,
    null as charged_on
  from staging.partners_remittances r
)
select
  payment_id,
  source,
  kind,
  status,
  customer_id,
  link_status,
  billing_link,
  invoice_id,
  billing_payment_id,
  billing_customer_id,
  billing_status,
  billing_amount_minor,
  billing_currency,
  method,
  currency,
  amount_minor,
  fee_minor,
  fee_currency,
  card_last4,
  receipt_email,
  description,
  received_at,
  posted_on,
  substr(cast(posted_on as varchar), 1, 7) as month,
  substr(cast(charged_on as varchar), 1, 7) as charged_month
from payments
