CREATE TABLE IF NOT EXISTS STAGING."APP_ENTRIES__ROWS" (
  "ID" NUMBER(19, 0),
  "ENTRY_ID" VARCHAR,
  "ACCOUNT_ID" VARCHAR,
  "AMOUNT" NUMBER(19, 0),
  "CURRENCY" VARCHAR,
  "MEMO" VARCHAR,
  _batch_id VARCHAR,
  _position VARCHAR,
  _seq NUMBER(19, 0),
  _hash VARCHAR,
  _minor NUMBER(19, 0),
  _currency VARCHAR,
  _contract_version VARCHAR,
  _publication NUMBER(19, 0),
  _deleted_at TIMESTAMP_NTZ(6),
  _scope VARCHAR,
  _form VARCHAR
);
