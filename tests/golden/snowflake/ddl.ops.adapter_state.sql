CREATE TABLE IF NOT EXISTS OPS."ADAPTER_STATE" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  feed VARCHAR,
  state_key VARCHAR,
  state_value VARCHAR
);
