CREATE OR REPLACE TRANSIENT TABLE WORK."MATCH_BILLING_PAYMENTS" AS
SELECT l._row AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  CAST(CASE WHEN l."POSTED_ON" <> s."POSTED_ON" THEN 1073741824 ELSE 0 END AS BIGINT) AS _immutable0
FROM WORK."LABEL_BILLING_PAYMENTS" l
JOIN STAGING."BILLING_PAYMENTS__ROWS" s ON l."ID" = s."ID";
