CREATE TABLE IF NOT EXISTS ops."fence__stripe" (
  token BIGINT,
  run_id VARCHAR
);
