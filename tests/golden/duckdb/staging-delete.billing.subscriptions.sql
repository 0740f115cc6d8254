DELETE FROM staging."billing_subscriptions__rows"
USING (
  SELECT l."id" FROM temp."label_billing_subscriptions" l
  JOIN temp."verdict_billing_subscriptions" v ON v._row = l.rowid AND v._class = 'updated'
) u
WHERE staging."billing_subscriptions__rows"."id" = u."id";
