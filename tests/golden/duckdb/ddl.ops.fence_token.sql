CREATE TABLE IF NOT EXISTS ops."fence_token" (
  run_group VARCHAR,
  token BIGINT,
  run_id VARCHAR,
  raised_at TIMESTAMP
);
