CREATE TABLE IF NOT EXISTS ops."curated_rule" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  curated VARCHAR,
  rule VARCHAR,
  fingerprint VARCHAR,
  judged_at TIMESTAMP
);
