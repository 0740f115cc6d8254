CREATE TABLE IF NOT EXISTS staging."app_lines__rows" (
  "id" BIGINT,
  "entry_id" VARCHAR,
  "account_id" VARCHAR,
  "amount" BIGINT,
  "currency" VARCHAR,
  "memo" VARCHAR,
  _batch_id VARCHAR,
  _position VARCHAR,
  _seq BIGINT,
  _hash UHUGEINT,
  _minor BIGINT,
  _currency VARCHAR,
  _contract_version VARCHAR,
  _publication BIGINT,
  _deleted_at TIMESTAMP,
  _scope VARCHAR,
  _form BIGINT
);
