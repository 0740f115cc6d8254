INSERT INTO CURATED."BALANCE_TIE__ROWS" ("BALANCE_TRANSACTION_ID", "TYPE", "REPORTING_CATEGORY", "SOURCE_ID", "SOURCE_FEED", "CURRENCY", "AMOUNT_MINOR", "SOURCE_CURRENCY", "SOURCE_MINOR", "EXCHANGE_RATE", "STATE", "CREATED_AT", "_CONTRACT_VERSION", "_PUBLICATION", "DELETED_AT")
SELECT n."BALANCE_TRANSACTION_ID", n."TYPE", n."REPORTING_CATEGORY", n."SOURCE_ID", n."SOURCE_FEED", n."CURRENCY", n."AMOUNT_MINOR", n."SOURCE_CURRENCY", n."SOURCE_MINOR", n."EXCHANGE_RATE", n."STATE", n."CREATED_AT", '1.0.0', 1, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM (SELECT CAST(m."BALANCE_TRANSACTION_ID" AS VARCHAR) AS "BALANCE_TRANSACTION_ID", CAST(m."TYPE" AS VARCHAR) AS "TYPE", CAST(m."REPORTING_CATEGORY" AS VARCHAR) AS "REPORTING_CATEGORY", CAST(m."SOURCE_ID" AS VARCHAR) AS "SOURCE_ID", CAST(m."SOURCE_FEED" AS VARCHAR) AS "SOURCE_FEED", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY", CAST(m."AMOUNT_MINOR" AS NUMBER(19, 0)) AS "AMOUNT_MINOR", CAST(m."SOURCE_CURRENCY" AS VARCHAR) AS "SOURCE_CURRENCY", CAST(m."SOURCE_MINOR" AS NUMBER(19, 0)) AS "SOURCE_MINOR", CAST(m."EXCHANGE_RATE" AS VARCHAR) AS "EXCHANGE_RATE", CAST(m."STATE" AS VARCHAR) AS "STATE", CAST(m."CREATED_AT" AS TIMESTAMP_NTZ(6)) AS "CREATED_AT" FROM (
WITH "STRIPE_CHARGES" AS (SELECT l."ID", l."CUSTOMER_ID", l."PAYMENT_INTENT_ID", l."BALANCE_TRANSACTION_ID", l."FAILURE_BALANCE_TRANSACTION_ID", l."STATUS", l."CURRENCY", l."AMOUNT_MINOR", l."AMOUNT_CAPTURED_MINOR", l."AMOUNT_REFUNDED_MINOR", l."CAPTURED", l."REFUNDED", l."DISPUTED", l."FAILURE_CODE", l."DESCRIPTION", l."RECEIPT_EMAIL", l."CARD_LAST4", l."MULTICAPTURE", l."MULTICAPTURE_PRESENT", l."PRESENTMENT_CURRENCY", l."METADATA", l."CREATED_AT" FROM "LABEL_STRIPE_CHARGES" l WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_STRIPE_CHARGES" v WHERE v._class NOT IN ('inserted', 'updated'))),
"STRIPE_BALANCE_TRANSACTIONS" AS (SELECT l."ID", l."SOURCE_ID", l."TYPE", l."REPORTING_CATEGORY", l."DESCRIPTION", l."CURRENCY", l."AMOUNT_MINOR", l."FEE_MINOR", l."NET_MINOR", l."EXCHANGE_RATE", l."CREATED_AT", l."AVAILABLE_AT" FROM "LABEL_STRIPE_BALANCE_TRANSACTIONS" l WHERE l._row NOT IN (SELECT v._row FROM "VERDICT_STRIPE_BALANCE_TRANSACTIONS" v WHERE v._class NOT IN ('inserted', 'updated')))
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
  from "STRIPE_CHARGES" c
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
  from "STRIPE_BALANCE_TRANSACTIONS" b
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
WHERE n."BALANCE_TRANSACTION_ID" IS NOT NULL;
