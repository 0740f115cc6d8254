CREATE TABLE IF NOT EXISTS OPS."VERDICT" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  scope VARCHAR,
  feed VARCHAR,
  name VARCHAR,
  severity VARCHAR,
  fingerprint VARCHAR,
  verdict VARCHAR,
  observed VARCHAR,
  limit_text VARCHAR,
  currency VARCHAR,
  curated VARCHAR,
  rule VARCHAR,
  subject VARCHAR
);
