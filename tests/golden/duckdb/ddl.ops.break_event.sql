CREATE TABLE IF NOT EXISTS ops."break_event" (
  break_id VARCHAR,
  event VARCHAR,
  leg VARCHAR,
  subject VARCHAR,
  compares VARCHAR,
  break_key VARCHAR,
  class VARCHAR,
  source_currency VARCHAR,
  source_minor HUGEINT,
  live_currency VARCHAR,
  live_minor HUGEINT,
  extent VARCHAR,
  detail VARCHAR,
  proof_id VARCHAR,
  number BIGINT,
  actor VARCHAR,
  happened_at TIMESTAMP
);
