CREATE TABLE IF NOT EXISTS OPS."PROOF" (
  proof_id VARCHAR,
  reconcile_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  leg VARCHAR,
  subject VARCHAR,
  compares VARCHAR,
  result VARCHAR,
  row_count NUMBER(19, 0),
  differing NUMBER(19, 0),
  detail VARCHAR,
  source_as_of TIMESTAMP_NTZ(6),
  code_version VARCHAR,
  actor VARCHAR,
  proved_at TIMESTAMP_NTZ(6)
);
