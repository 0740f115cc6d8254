INSERT INTO CURATED."MOVEMENT_TIE__ROWS" ("MOVEMENT_ID", "ORDERED_IN", "DESK", "ORDER_NO", "CURRENCY", "AMOUNT", "STATE", "_CONTRACT_VERSION", "_PUBLICATION", "DELETED_AT")
SELECT n."MOVEMENT_ID", n."ORDERED_IN", n."DESK", n."ORDER_NO", n."CURRENCY", n."AMOUNT", n."STATE", '1.0.0', 2, CAST(NULL AS TIMESTAMP_NTZ(6))
FROM (SELECT CAST(m."MOVEMENT_ID" AS VARCHAR) AS "MOVEMENT_ID", CAST(m."ORDERED_IN" AS VARCHAR) AS "ORDERED_IN", CAST(m."DESK" AS VARCHAR) AS "DESK", CAST(m."ORDER_NO" AS NUMBER(19, 0)) AS "ORDER_NO", CAST(m."CURRENCY" AS VARCHAR) AS "CURRENCY", CAST(m."AMOUNT" AS NUMBER(19, 0)) AS "AMOUNT", CAST(m."STATE" AS VARCHAR) AS "STATE" FROM (
WITH "BANK_MOVEMENTS" AS (SELECT s.* FROM STAGING."BANK_MOVEMENTS" s JOIN "TOUCHED_MOVEMENT_TIE" t ON s."ID" = t."MOVEMENT_ID"),
"BANK_ORDERS" AS (SELECT s.* FROM STAGING."BANK_ORDERS" s JOIN "TOUCHED_MOVEMENT_TIE" t ON s."MOVED_BY" = t."MOVEMENT_ID"
  UNION SELECT s.* FROM STAGING."BANK_ORDERS" s JOIN "TOUCHED_MOVEMENT_TIE" t ON s."RETURNED_BY" = t."MOVEMENT_ID")
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
from "BANK_MOVEMENTS" m
left join (
  select
    o.desk,
    o.order_no,
    o.currency,
    case s.side when 1 then o.moved_by else o.returned_by end as movement_id,
    case s.side when 1 then o.amount else -o.amount end as amount
  from "BANK_ORDERS" o
  cross join (select 1 as side union all select 2 as side) s
) o on o.movement_id = m.id and o.desk = m.desk and o.order_no = m.order_no
) e
) m) n
JOIN "TOUCHED_MOVEMENT_TIE" t ON n."MOVEMENT_ID" = t."MOVEMENT_ID";
