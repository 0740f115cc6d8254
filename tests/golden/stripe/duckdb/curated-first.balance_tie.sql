INSERT INTO curated."balance_tie__rows" ("balance_transaction_id", "type", "reporting_category", "source_id", "source_feed", "currency", "amount_minor", "source_currency", "source_minor", "exchange_rate", "state", "created_at", "_contract_version", "_publication", "deleted_at")
SELECT n."balance_transaction_id", n."type", n."reporting_category", n."source_id", n."source_feed", n."currency", n."amount_minor", n."source_currency", n."source_minor", n."exchange_rate", n."state", n."created_at", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."balance_transaction_id" AS VARCHAR) AS "balance_transaction_id", CAST(m."type" AS VARCHAR) AS "type", CAST(m."reporting_category" AS VARCHAR) AS "reporting_category", CAST(m."source_id" AS VARCHAR) AS "source_id", CAST(m."source_feed" AS VARCHAR) AS "source_feed", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."amount_minor" AS BIGINT) AS "amount_minor", CAST(m."source_currency" AS VARCHAR) AS "source_currency", CAST(m."source_minor" AS BIGINT) AS "source_minor", CAST(m."exchange_rate" AS VARCHAR) AS "exchange_rate", CAST(m."state" AS VARCHAR) AS "state", CAST(m."created_at" AS TIMESTAMP) AS "created_at" FROM (
WITH "stripe_charges" AS (SELECT l."id", l."customer_id", l."payment_intent_id", l."balance_transaction_id", l."failure_balance_transaction_id", l."status", l."currency", l."amount_minor", l."amount_captured_minor", l."amount_refunded_minor", l."captured", l."refunded", l."disputed", l."failure_code", l."description", l."receipt_email", l."card_last4", l."multicapture", l."multicapture_present", l."presentment_currency", l."metadata", l."created_at" FROM temp."label_stripe_charges" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_stripe_charges" v WHERE v._class NOT IN ('inserted', 'updated'))),
"stripe_balance_transactions" AS (SELECT l."id", l."source_id", l."type", l."reporting_category", l."description", l."currency", l."amount_minor", l."fee_minor", l."net_minor", l."exchange_rate", l."created_at", l."available_at" FROM temp."label_stripe_balance_transactions" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_stripe_balance_transactions" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
-- Each movement of the balance beside the object that it names as its source, where that object names the movement too. Objects say in
-- which of their fields a movement stands, and so whether it is what they brought or what took it back (side 1, side 2).
with objects as (
  select
    'stripe.charges' as source_feed,
    c.id as source_id,
    case s.side when 1 then c.balance_transaction_id else c.failure_balance_transaction_id end as movement_id,
    case s.side when 1 then 1 else -1 end as sign,
    c.currency,
    -- a payment that fails later was never captured, and had come in whole
    case when s.side = 1 and c.status <> 'failed' then c.amount_captured_minor else c.amount_minor end as amount_minor,
    -- before version 2025-03-31 a capture in part was the whole and a refund of the rest
    case when s.side = 1 and c.status <> 'failed' then c.amount_minor else c.amount_captured_minor end as other_minor,
    case when s.side = 2 or c.multicapture = 'available' or c.multicapture_present = 'available' then 1 else 0 end as in_parts,
    case when c.presentment_currency <> c.currency then 1 else 0 end as presented
  from "stripe_charges" c
  cross join (select 1 as side union all select 2 as side) s
  union all
  select
    'stripe.refunds' as source_feed,
    r.id as source_id,
    case s.side when 1 then r.balance_transaction_id else r.failure_balance_transaction_id end as movement_id,
    case s.side when 1 then -1 else 1 end as sign,
    r.currency,
    r.amount_minor,
    r.amount_minor as other_minor,
    0 as in_parts,
    case when r.presentment_currency <> r.currency then 1 else 0 end as presented
  from staging.stripe_refunds r
  cross join (select 1 as side union all select 2 as side) s
  union all
  select
    'stripe.disputes' as source_feed,
    d.id as source_id,
    case s.side when 1 then d.balance_transaction_id else d.second_balance_transaction_id end as movement_id,
    -- the movement says itself whether money was withdrawn or reinstated
    0 as sign,
    d.currency,
    d.amount_minor,
    d.amount_minor as other_minor,
    -- a dispute that is won in part gives back a part, and of a charge refunded in part the rest is withdrawn
    1 as in_parts,
    0 as presented
  from staging.stripe_disputes d
  cross join (select 1 as side union all select 2 as side) s
  union all
  select
    'stripe.payouts' as source_feed,
    p.id as source_id,
    case s.side when 1 then p.balance_transaction_id else p.failure_balance_transaction_id end as movement_id,
    case s.side when 1 then -1 else 1 end as sign,
    p.currency,
    p.amount_minor,
    p.amount_minor as other_minor,
    0 as in_parts,
    0 as presented
  from staging.stripe_payouts p
  cross join (select 1 as side union all select 2 as side) s
),
sides as (
  select
    b.id,
    b.source_id,
    b.type,
    b.reporting_category,
    b.currency,
    b.amount_minor,
    b.net_minor,
    b.exchange_rate,
    b.created_at,
    o.source_feed as named_by,
    o.currency as source_currency,
    o.amount_minor as object_minor,
    o.in_parts,
    o.presented,
    case
      when o.sign <> 0 then o.sign
      when b.reporting_category = 'dispute' then -1
      when b.reporting_category = 'dispute_reversal' then 1
      when b.amount_minor < 0 then -1
      else 1
    end as sign,
    o.other_minor
  from "stripe_balance_transactions" b
  left join objects o on o.movement_id = b.id and o.source_id = b.source_id
)
select
  id as balance_transaction_id,
  type,
  reporting_category,
  source_id,
  case
    when named_by is not null then named_by
    when source_id is null then null
    when type in ('charge', 'payment', 'payment_failure_refund') then 'stripe.charges'
    when type in ('refund', 'payment_refund', 'refund_failure') then 'stripe.refunds'
    when type in ('payout', 'payout_failure', 'payout_cancel') then 'stripe.payouts'
    when reporting_category in ('dispute', 'dispute_reversal') then 'stripe.disputes'
  end as source_feed,
  currency,
  amount_minor,
  source_currency,
  sign * object_minor as source_minor,
  exchange_rate,
  case
    when named_by is null then
      case
        when source_id is null then 'no_object'
        when type in ('charge', 'payment', 'payment_failure_refund', 'refund', 'payment_refund', 'refund_failure') then 'absent'
        when type in ('payout', 'payout_failure', 'payout_cancel') then 'absent'
        when reporting_category in ('dispute', 'dispute_reversal') then 'absent'
        else 'no_object'
      end
    when exchange_rate is not null or source_currency <> currency or presented = 1 then 'exchanged'
    when amount_minor = sign * object_minor then 'tied'
    when amount_minor = sign * other_minor then 'explained'
    when in_parts = 1 and sign * amount_minor >= 0 and sign * amount_minor < object_minor then 'explained'
    when named_by = 'stripe.payouts' and net_minor = sign * object_minor then 'explained'
    else 'differs'
  end as state,
  created_at
from sides
) e
) m) n
WHERE n."balance_transaction_id" IS NOT NULL;
