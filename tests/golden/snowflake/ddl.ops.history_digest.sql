CREATE TABLE IF NOT EXISTS OPS."HISTORY_DIGEST" (
  subject VARCHAR,
  number NUMBER(19, 0),
  row_count NUMBER(19, 0),
  digest VARCHAR,
  proof_id VARCHAR,
  proved_at TIMESTAMP_NTZ(6)
);
