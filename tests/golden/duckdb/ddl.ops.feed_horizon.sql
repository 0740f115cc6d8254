CREATE TABLE IF NOT EXISTS ops."feed_horizon" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  feed VARCHAR,
  batch_id VARCHAR,
  cursor_kind VARCHAR,
  cursor_position VARCHAR,
  cursor_identity VARCHAR,
  horizon TIMESTAMP,
  as_of TIMESTAMP,
  loading_since TIMESTAMP
);
