CREATE TABLE IF NOT EXISTS ops."audit_event" (
  event_id VARCHAR,
  event VARCHAR,
  subject VARCHAR,
  run_group VARCHAR,
  detail VARCHAR,
  actor VARCHAR,
  reason VARCHAR,
  ticket VARCHAR,
  code_version VARCHAR,
  happened_at TIMESTAMP
);
