CREATE OR REPLACE TEMP TABLE "match_billing_customers" AS
SELECT l.rowid AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  s."row_version" > l."row_version" AS _newer_version,
  CAST(0 AS BIGINT) AS _immutable0
FROM temp."label_billing_customers" l
JOIN staging."billing_customers__rows" s ON l."id" = s."id";
