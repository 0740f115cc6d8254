CREATE TABLE IF NOT EXISTS ops."quarantine_event" (
  row_id VARCHAR,
  feed VARCHAR,
  run_group VARCHAR,
  publication_id VARCHAR,
  number BIGINT,
  event VARCHAR,
  class VARCHAR,
  happened_at TIMESTAMP
);
