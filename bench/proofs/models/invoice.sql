/* ledgerloop
table: invoice
key: [id]
contract: invoice
touched_by:
  src.invoices: [id]
*/
select id, amount_due from staging.src_invoices
