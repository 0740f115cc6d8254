CREATE OR REPLACE TRANSIENT TABLE WORK."MATCH_BILLING_CUSTOMERS" AS
SELECT l._row AS _row,
  s._hash = l._hash AS _same,
  s._deleted_at IS NOT NULL AS _tombstone,
  s._seq AS _staged_seq,
  s._minor AS _old_minor,
  s._currency AS _old_currency,
  s."ROW_VERSION" > l."ROW_VERSION" AS _newer_version,
  CAST(0 AS BIGINT) AS _immutable0
FROM WORK."LABEL_BILLING_CUSTOMERS" l
JOIN STAGING."BILLING_CUSTOMERS__ROWS" s ON l."ID" = s."ID";
