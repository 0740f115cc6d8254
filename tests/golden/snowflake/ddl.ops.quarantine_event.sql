CREATE TABLE IF NOT EXISTS OPS."QUARANTINE_EVENT" (
  row_id VARCHAR,
  feed VARCHAR,
  run_group VARCHAR,
  publication_id VARCHAR,
  number NUMBER(19, 0),
  event VARCHAR,
  class VARCHAR,
  happened_at TIMESTAMP_NTZ(6)
);
