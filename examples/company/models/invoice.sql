/* ledgerloop
# yaml-language-server: $schema=../../../schemas/model.schema.json
table: invoice
key: [invoice_id]
contract: invoice
touched_by:
  billing.invoices: [invoice_id]
  stripe.invoices: [invoice_ref]
  partners.invoices: [invoice_id]
*/
with claims as (
  select invoice_ref, count(*) as records, min(id) as id, min(number) as number, min(status) as status
  from staging.stripe_invoices
  where invoice_ref is not null
  group by invoice_ref
)
select
  b.invoice_id,
  'billing' as source,
  b.customer_id,
  b.subscription_id,
  b.status,
  b.currency,
  b.amount_due_minor,
  b.issued_on,
  case when s.records is null then 'unlinked' when s.records > 1 then 'conflict' else 'linked' end as stripe_link,
  case when s.records = 1 then s.id end as stripe_invoice_id,
  case when s.records = 1 then s.number end as stripe_number,
  case when s.records = 1 then s.status end as stripe_status
from staging.billing_invoices b
left join claims s on s.invoice_ref = b.invoice_id
union all
select
  p.invoice_id,
  'partner' as source,
  p.customer_id,
  null as subscription_id,
  'billed' as status,
  p.currency,
  p.amount_minor as amount_due_minor,
  p.issued_on,
  'unlinked' as stripe_link,
  null as stripe_invoice_id,
  null as stripe_number,
  null as stripe_status
from staging.partners_invoices p
