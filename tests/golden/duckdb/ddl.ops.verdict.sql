CREATE TABLE IF NOT EXISTS ops."verdict" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
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
