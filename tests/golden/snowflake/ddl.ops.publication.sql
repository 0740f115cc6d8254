CREATE TABLE IF NOT EXISTS OPS."PUBLICATION" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  base_head NUMBER(19, 0),
  token NUMBER(19, 0),
  run_id VARCHAR,
  kind VARCHAR,
  window_start TIMESTAMP_NTZ(6),
  window_end TIMESTAMP_NTZ(6),
  published_at TIMESTAMP_NTZ(6),
  code_version VARCHAR,
  fingerprints VARCHAR,
  actor VARCHAR,
  reason VARCHAR,
  ticket VARCHAR
);
