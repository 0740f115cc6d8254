CREATE TABLE IF NOT EXISTS ops."flow" (
  publication_id VARCHAR,
  run_group VARCHAR,
  number BIGINT,
  window_end TIMESTAMP,
  feed VARCHAR,
  currency VARCHAR,
  class VARCHAR,
  row_count BIGINT,
  minor HUGEINT
);
