CREATE TABLE IF NOT EXISTS OPS."FLOW" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  window_end TIMESTAMP_NTZ(6),
  feed VARCHAR,
  currency VARCHAR,
  class VARCHAR,
  row_count NUMBER(19, 0),
  minor NUMBER(38, 0)
);
