CREATE TABLE IF NOT EXISTS ops."fence__salesforce" (
  token BIGINT,
  run_id VARCHAR
);
