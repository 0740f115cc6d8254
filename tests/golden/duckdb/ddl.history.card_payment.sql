CREATE TABLE IF NOT EXISTS history."card_payment" (
  "charge_id" VARCHAR,
  "customer_id" VARCHAR,
  "status" VARCHAR,
  "currency" VARCHAR,
  "amount_minor" BIGINT,
  "refunded_minor" BIGINT,
  "refunds" BIGINT,
  "disputed" BOOLEAN,
  "created_at" TIMESTAMP,
  "_contract_version" VARCHAR,
  "_publication" BIGINT,
  "deleted_at" TIMESTAMP,
  _to_publication BIGINT
);
