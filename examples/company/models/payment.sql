/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: payment
key: [payment_id]
contract: payment
touched_by:
  stripe.charges:
    - [payment_id]
    - { join: stripe.refunds, on: { id: charge_id } }
    - { join: stripe.disputes, on: { id: charge_id } }
    - { join: billing.payments, on: { id: charge_ref }, key: [payment_id] }
  stripe.refunds: [payment_id]
  stripe.disputes: [payment_id]
  stripe.balance_transactions:
    - { join: stripe.charges, on: { id: balance_transaction_id }, key: [payment_id] }
    - { join: stripe.refunds, on: { id: balance_transaction_id } }
    - { join: stripe.disputes, on: { id: balance_transaction_id } }
  billing.payments:
    - [payment_id]
    - { join: stripe.charges, on: { charge_ref: id }, key: [payment_id] }
  partners.remittances: [payment_id]
  curated.crosswalk_customer:
    - { join: stripe.charges, on: { external_id: customer_id } }
*/
-- What Stripe took, gave back and lost; what came to the bank; what resellers paid on. Billing's record of a card payment that Stripe has is
-- a link to it and no second payment; until Stripe has the charge it stands for it.
with moved as (
  select
    c.payment_id,
    'charge' as kind,
    c.id as charge_id,
    c.customer_id as external_id,
    c.currency,
    case when c.status = 'succeeded' then c.amount_captured_minor else 0 end as amount_minor,
    c.balance_transaction_id,
    c.created_at
  from staging.stripe_charges c
  union all
  select
    r.payment_id,
    'refund' as kind,
    null as charge_id,
    c.customer_id as external_id,
    r.currency,
    case when r.status in ('failed', 'canceled') then 0 else -r.amount_minor end as amount_minor,
    r.balance_transaction_id,
    r.created_at
  from staging.stripe_refunds r
  left join staging.stripe_charges c on c.id = r.charge_id
  union all
  select
    d.payment_id,
    'dispute' as kind,
    null as charge_id,
    c.customer_id as external_id,
    d.currency,
    -- a warning takes no money, and a dispute that was won gives it back
    case when d.status in ('won', 'prevented') or d.status like 'warning%' then 0 else -d.amount_minor end as amount_minor,
    d.balance_transaction_id,
    d.created_at
  from staging.stripe_disputes d
  left join staging.stripe_charges c on c.id = d.charge_id
),
claims as (
  select charge_ref, count(*) as records, min(payment_number) as payment_number, min(customer_id) as customer_id
  from staging.billing_payments
  where charge_ref is not null and kind = 'payment'
  group by charge_ref
),
payments as (
  select
    m.payment_id,
    'stripe' as source,
    m.kind,
    x.customer_id,
    coalesce(x.status, 'unlinked') as link_status,
    case when b.records = 1 then b.payment_number end as billing_payment,
    case when b.records = 1 then b.customer_id end as billing_customer_id,
    coalesce(b.records, 0) as billing_claims,
    m.currency,
    m.amount_minor,
    t.fee_minor,
    t.currency as fee_currency,
    cast(m.created_at as date) as paid_on
  from moved m
  left join curated.crosswalk_customer x on x.system = 'stripe' and x.external_id = m.external_id
  left join claims b on b.charge_ref = m.charge_id
  left join staging.stripe_balance_transactions t on t.id = m.balance_transaction_id
  union all
  select
    p.payment_id,
    'billing' as source,
    case when p.kind = 'refund' then 'refund' when p.charge_ref is null then 'transfer' else 'charge' end as kind,
    p.customer_id,
    'linked' as link_status,
    p.payment_number as billing_payment,
    p.customer_id as billing_customer_id,
    1 as billing_claims,
    p.currency,
    p.amount_minor,
    null as fee_minor,
    null as fee_currency,
    p.posted_on as paid_on
  from staging.billing_payments p
  left join staging.stripe_charges c on c.id = p.charge_ref
  where c.id is null
  union all
  select
    p.payment_id,
    'partner' as source,
    'remittance' as kind,
    p.customer_id,
    'linked' as link_status,
    null as billing_payment,
    null as billing_customer_id,
    0 as billing_claims,
    p.currency,
    p.amount_minor,
    null as fee_minor,
    null as fee_currency,
    p.paid_on
  from staging.partners_remittances p
)
select
  payment_id,
  source,
  kind,
  customer_id,
  link_status,
  billing_payment,
  billing_customer_id,
  billing_claims,
  currency,
  amount_minor,
  fee_minor,
  fee_currency,
  paid_on,
  substr(cast(paid_on as varchar), 1, 7) as month
from payments
