CREATE TABLE IF NOT EXISTS OPS."CURATED_RULE" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  curated VARCHAR,
  rule VARCHAR,
  fingerprint VARCHAR,
  judged_at TIMESTAMP_NTZ(6)
);
