CREATE TABLE IF NOT EXISTS curated."account__rows" (
  "account_id" VARCHAR,
  "name" VARCHAR,
  "_contract_version" VARCHAR,
  "_publication" BIGINT,
  "deleted_at" TIMESTAMP
);
