CREATE TABLE IF NOT EXISTS ops."history_digest" (
  subject VARCHAR,
  number BIGINT,
  row_count BIGINT,
  digest VARCHAR,
  proof_id VARCHAR,
  proved_at TIMESTAMP
);
