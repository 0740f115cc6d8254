CREATE OR REPLACE TEMP TABLE "vanished_billing_payments" AS
SELECT s."id", s._currency, s._minor
FROM staging."billing_payments__rows" s
WHERE s._deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM temp."keys_billing_payments" k WHERE k."id" = s."id") AND s._seq <= 2;
