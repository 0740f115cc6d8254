CREATE TABLE IF NOT EXISTS ops."schema_version" (
  version BIGINT
);
