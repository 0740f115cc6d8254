UPDATE staging."billing_payments__rows" SET _deleted_at = TIMESTAMP '2026-11-01 02:00:00.000', _publication = 2, _seq = 2
FROM temp."vanished_billing_payments" g
WHERE staging."billing_payments__rows"."id" = g."id";
