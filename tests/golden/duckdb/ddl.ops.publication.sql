CREATE TABLE IF NOT EXISTS ops."publication" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  base_head BIGINT,
  token BIGINT,
  run_id VARCHAR,
  kind VARCHAR,
  window_start TIMESTAMP,
  window_end TIMESTAMP,
  published_at TIMESTAMP,
  code_version VARCHAR,
  fingerprints VARCHAR,
  actor VARCHAR,
  reason VARCHAR,
  ticket VARCHAR
);
