DELETE FROM staging."billing_customers__rows"
USING (
  SELECT l."id" FROM temp."label_billing_customers" l
  JOIN temp."verdict_billing_customers" v ON v._row = l.rowid AND v._class = 'updated'
) u
WHERE staging."billing_customers__rows"."id" = u."id";
