CREATE TABLE IF NOT EXISTS staging."salesforce_accounts__rows" (
  "id" VARCHAR,
  "name" VARCHAR,
  "type" VARCHAR,
  "industry" VARCHAR,
  "currency" VARCHAR,
  "created_at" TIMESTAMP,
  "system_modstamp" TIMESTAMP,
  _batch_id VARCHAR,
  _position VARCHAR,
  _seq BIGINT,
  _hash UHUGEINT,
  _minor BIGINT,
  _currency VARCHAR,
  _contract_version VARCHAR,
  _publication BIGINT,
  _deleted_at TIMESTAMP,
  _form BIGINT
);
