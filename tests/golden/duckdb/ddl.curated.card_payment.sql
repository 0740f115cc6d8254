CREATE TABLE IF NOT EXISTS curated."card_payment__rows" (
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
  "deleted_at" TIMESTAMP
);
