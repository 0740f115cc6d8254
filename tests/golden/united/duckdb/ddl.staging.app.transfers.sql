CREATE TABLE IF NOT EXISTS staging."app_transfers__rows" (
  "id" BIGINT,
  "bank" VARCHAR,
  "number" VARCHAR,
  "amount" BIGINT,
  "currency" VARCHAR,
  "payment_id" VARCHAR,
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
