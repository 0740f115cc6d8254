CREATE TABLE IF NOT EXISTS OPS."FEED_HORIZON" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  feed VARCHAR,
  batch_id VARCHAR,
  cursor_kind VARCHAR,
  cursor_position VARCHAR,
  cursor_identity VARCHAR,
  horizon TIMESTAMP_NTZ(6),
  as_of TIMESTAMP_NTZ(6),
  loading_since TIMESTAMP_NTZ(6)
);
