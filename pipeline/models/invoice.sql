/* ledgerloop
# yaml-language-server: $schema=../../schemas/model.schema.json
table: invoice
key: [invoice_id]
contract: invoice
posting_date: issued_on
touched_by:
  billing.invoices: [invoice_id]
  stripe.invoices: [invoice_ref]
  partners.invoices: [invoice_id]
  partners.remittances: [invoice_id]
*/
with claims as (
  select invoice_ref, count(*) as records, min(id) as id, min(number) as number, min(status) as status
  from staging.stripe_invoices
  where invoice_ref is not null
  group by invoice_ref
),
remitted as (
  -- each currency that the contract accepts has two decimals
  select invoice_id, currency, cast(sum(cast(amount as numeric(20, 2)) * 100) as bigint) as amount_minor
  from staging.partners_remittances
  group by invoice_id, currency
)
select
  b.invoice_id,
  'billing' as source,
  b.invoice_number,
  b.customer_id,
  b.subscription_id,
  b.status,
  b.billing_reason,
  b.currency,
  b.subtotal_minor,
  b.tax_minor,
  b.amount_due_minor,
  b.amount_paid_minor,
  b.period_start,
  b.period_end,
  b.issued_on,
  b.due_on,
  b.customer_email,
  b.description,
  case when s.records is null then 'unlinked' when s.records > 1 then 'conflict' else 'linked' end as stripe_link,
  case when s.records = 1 then s.id end as stripe_invoice_id,
  case when s.records = 1 then s.number end as stripe_number,
  case when s.records = 1 then s.status end as stripe_status,
  r.amount_minor as remitted_minor,
  b.id as source_row_id,
  b.created_at,
  b.updated_at
from staging.billing_invoices b
left join claims s on s.invoice_ref = b.invoice_id
left join remitted r on r.invoice_id = b.invoice_id and r.currency = b.currency
union all
select
  p.invoice_id,
  'partner' as source,
  p.number as invoice_number,
  p.customer_id,
  null as subscription_id,
  'billed' as status,
  null as billing_reason,
  p.currency,
  null as subtotal_minor,
  null as tax_minor,
  p.amount_minor as amount_due_minor,
  null as amount_paid_minor,
  null as period_start,
  null as period_end,
  p.issued_on,
  null as due_on,
  null as customer_email,
  null as description,
  'unlinked' as stripe_link,
  null as stripe_invoice_id,
  null as stripe_number,
  null as stripe_status,
  null as remitted_minor,
  null as source_row_id,
  null as created_at,
  null as updated_at
from staging.partners_invoices p
