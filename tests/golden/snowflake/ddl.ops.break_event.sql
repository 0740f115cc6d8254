CREATE TABLE IF NOT EXISTS OPS."BREAK_EVENT" (
  break_id VARCHAR,
  event VARCHAR,
  leg VARCHAR,
  subject VARCHAR,
  compares VARCHAR,
  break_key VARCHAR,
  class VARCHAR,
  source_currency VARCHAR,
  source_minor NUMBER(38, 0),
  live_currency VARCHAR,
  live_minor NUMBER(38, 0),
  extent VARCHAR,
  detail VARCHAR,
  proof_id VARCHAR,
  number NUMBER(19, 0),
  actor VARCHAR,
  happened_at TIMESTAMP_NTZ(6)
);
