/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: sales_order
key: [order_id]
contract: sales_order
touched_by:
  salesforce.orders: [id]
  billing.invoices: { join: salesforce.orders, on: { invoice_id: order_reference } }
  salesforce.accounts: { join: salesforce.orders, on: { id: account_id } }
*/
select
  o.id as order_id,
  o.order_number,
  o.account_id,
  a.name as account_name,
  o.status,
  o.currency,
  -- each currency that the contract accepts has two decimals
  cast(cast(o.total_amount as numeric(20, 2)) * 100 as bigint) as amount_minor,
  o.effective_date as effective_on,
  o.created_at,
  i.invoice_id,
  i.subtotal_minor as invoiced_minor
from staging.salesforce_orders as o
left join staging.billing_invoices as i on i.invoice_id = o.order_reference
left join staging.salesforce_accounts as a on a.id = o.account_id
