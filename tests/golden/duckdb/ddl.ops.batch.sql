CREATE TABLE IF NOT EXISTS ops."batch" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  feed VARCHAR,
  batch_id VARCHAR,
  replay_of VARCHAR,
  seq BIGINT,
  window_start TIMESTAMP,
  window_end TIMESTAMP,
  witness VARCHAR,
  manifest VARCHAR,
  row_count BIGINT
);
