CREATE OR REPLACE TRANSIENT TABLE WORK."MATCH_BILLING_SUBSCRIPTIONS" AS
SELECT l._row AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(0 AS BIGINT) AS _immutable0
FROM WORK."LABEL_BILLING_SUBSCRIPTIONS" l
JOIN STAGING."BILLING_SUBSCRIPTIONS__ROWS" s ON l."ID" = s."ID";
