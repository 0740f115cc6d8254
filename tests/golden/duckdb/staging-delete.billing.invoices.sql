DELETE FROM staging."billing_invoices__rows"
USING (
  SELECT l."id" FROM temp."label_billing_invoices" l
  JOIN temp."verdict_billing_invoices" v ON v._row = l.rowid AND v._class = 'updated'
) u
WHERE staging."billing_invoices__rows"."id" = u."id";
