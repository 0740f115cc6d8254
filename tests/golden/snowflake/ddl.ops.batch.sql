CREATE TABLE IF NOT EXISTS OPS."BATCH" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  feed VARCHAR,
  batch_id VARCHAR,
  replay_of VARCHAR,
  seq NUMBER(19, 0),
  window_start TIMESTAMP_NTZ(6),
  window_end TIMESTAMP_NTZ(6),
  witness VARCHAR,
  manifest VARCHAR,
  row_count NUMBER(19, 0)
);
