/* ledgerloop
table: bill
key: [bill_id]
contract: bill
touched_by:
  shop.bills: [bill_id]
*/
select bill_id, amount, currency, note, state from staging.shop_bills
