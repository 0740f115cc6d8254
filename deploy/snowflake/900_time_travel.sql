-- 900_time_travel: Time Travel of 30 days over what is published and over the ledger: for mistakes of people with rights, at the price of storage.
-- Optional: 30 days need Enterprise Edition; storage is billed.
-- `ledgerloop warehouse apply` does not run this file.

ALTER SCHEMA CURATED SET DATA_RETENTION_TIME_IN_DAYS = 30;

ALTER SCHEMA HISTORY SET DATA_RETENTION_TIME_IN_DAYS = 30;

ALTER SCHEMA OPS SET DATA_RETENTION_TIME_IN_DAYS = 30;
