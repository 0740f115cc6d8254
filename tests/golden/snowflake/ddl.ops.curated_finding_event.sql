CREATE TABLE IF NOT EXISTS OPS."CURATED_FINDING_EVENT" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number NUMBER(19, 0),
  curated VARCHAR,
  rule VARCHAR,
  business_key VARCHAR,
  event VARCHAR,
  found_in VARCHAR,
  happened_at TIMESTAMP_NTZ(6)
);
