CREATE OR REPLACE TEMP TABLE "match_billing_subscriptions" AS
SELECT l.rowid AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(0 AS BIGINT) AS _immutable0
FROM temp."label_billing_subscriptions" l
JOIN staging."billing_subscriptions__rows" s ON l."id" = s."id";
