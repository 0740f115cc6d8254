CREATE TABLE IF NOT EXISTS ops."curated_finding_event" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  curated VARCHAR,
  rule VARCHAR,
  business_key VARCHAR,
  event VARCHAR,
  found_in VARCHAR,
  happened_at TIMESTAMP
);
