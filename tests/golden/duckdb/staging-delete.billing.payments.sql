DELETE FROM staging."billing_payments__rows"
USING (
  SELECT l."id" FROM temp."label_billing_payments" l
  JOIN temp."verdict_billing_payments" v ON v._row = l.rowid AND v._class = 'updated'
) u
WHERE staging."billing_payments__rows"."id" = u."id";
