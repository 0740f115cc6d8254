INSERT INTO curated."movement_tie__rows" ("movement_id", "ordered_in", "desk", "order_no", "currency", "amount", "state", "_contract_version", "_publication", "deleted_at")
SELECT n."movement_id", n."ordered_in", n."desk", n."order_no", n."currency", n."amount", n."state", '1.0.0', 1, CAST(NULL AS TIMESTAMP)
FROM (SELECT CAST(m."movement_id" AS VARCHAR) AS "movement_id", CAST(m."ordered_in" AS VARCHAR) AS "ordered_in", CAST(m."desk" AS VARCHAR) AS "desk", CAST(m."order_no" AS BIGINT) AS "order_no", CAST(m."currency" AS VARCHAR) AS "currency", CAST(m."amount" AS BIGINT) AS "amount", CAST(m."state" AS VARCHAR) AS "state" FROM (
WITH "bank_orders" AS (SELECT l."desk", l."order_no", l."v", l."amount", l."currency", l."moved_by", l."returned_by" FROM temp."label_bank_orders" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_bank_orders" v WHERE v._class NOT IN ('inserted', 'updated'))),
"bank_movements" AS (SELECT l."id", l."v", l."desk", l."order_no", l."amount", l."currency" FROM temp."label_bank_movements" l WHERE l.rowid NOT IN (SELECT v._row FROM temp."verdict_bank_movements" v WHERE v._class NOT IN ('inserted', 'updated')))
SELECT * FROM (
select
  m.id as movement_id,
  case when m.desk is null then null else 'bank.orders' end as ordered_in,
  m.desk,
  m.order_no,
  m.currency,
  m.amount,
  case
    when m.desk is null then null
    when o.desk is null then 'absent'
    when o.currency <> m.currency then 'exchanged'
    when o.amount = m.amount then 'tied'
    else 'differs'
  end as state
from "bank_movements" m
left join (
  select
    o.desk,
    o.order_no,
    o.currency,
    case s.side when 1 then o.moved_by else o.returned_by end as movement_id,
    case s.side when 1 then o.amount else -o.amount end as amount
  from "bank_orders" o
  cross join (select 1 as side union all select 2 as side) s
) o on o.movement_id = m.id and o.desk = m.desk and o.order_no = m.order_no
) e
) m) n
WHERE n."movement_id" IS NOT NULL;
