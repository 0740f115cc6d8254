CREATE OR REPLACE TEMP TABLE "match_billing_invoices" AS
SELECT l.rowid AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(CASE WHEN l."customer_id" <> s."customer_id" THEN 2147483648 ELSE 0 END + CASE WHEN l."currency" <> s."currency" THEN 34359738368 ELSE 0 END + CASE WHEN l."issued_on" <> s."issued_on" THEN 2199023255552 ELSE 0 END AS BIGINT) AS _immutable0
FROM temp."label_billing_invoices" l
JOIN staging."billing_invoices__rows" s ON l."id" = s."id";
