CREATE TABLE IF NOT EXISTS ops."fence__billing" (
  token BIGINT,
  run_id VARCHAR
);
