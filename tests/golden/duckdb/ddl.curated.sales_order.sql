CREATE TABLE IF NOT EXISTS curated."sales_order__rows" (
  "order_id" VARCHAR,
  "order_number" VARCHAR,
  "account_id" VARCHAR,
  "account_name" VARCHAR,
  "status" VARCHAR,
  "currency" VARCHAR,
  "amount_minor" BIGINT,
  "effective_on" DATE,
  "created_at" TIMESTAMP,
  "_contract_version" VARCHAR,
  "_publication" BIGINT,
  "deleted_at" TIMESTAMP
);
