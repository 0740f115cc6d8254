CREATE TABLE IF NOT EXISTS ops."adapter_state" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  feed VARCHAR,
  state_key VARCHAR,
  state_value VARCHAR
);
