CREATE TABLE IF NOT EXISTS ops."proof" (
  proof_id VARCHAR,
  reconcile_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  leg VARCHAR,
  subject VARCHAR,
  compares VARCHAR,
  result VARCHAR,
  row_count BIGINT,
  differing BIGINT,
  detail VARCHAR,
  source_as_of TIMESTAMP,
  code_version VARCHAR,
  actor VARCHAR,
  proved_at TIMESTAMP
);
