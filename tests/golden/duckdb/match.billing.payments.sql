CREATE OR REPLACE TEMP TABLE "match_billing_payments" AS
SELECT l.rowid AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(CASE WHEN l."posted_on" <> s."posted_on" THEN 1073741824 ELSE 0 END AS BIGINT) AS _immutable0
FROM temp."label_billing_payments" l
JOIN staging."billing_payments__rows" s ON l."id" = s."id";
