CREATE TABLE IF NOT EXISTS STAGING."APP_TRANSFERS__ROWS" (
  "ID" NUMBER(19, 0),
  "BANK" VARCHAR,
  "NUMBER" VARCHAR,
  "AMOUNT" NUMBER(19, 0),
  "CURRENCY" VARCHAR,
  "PAYMENT_ID" VARCHAR,
  _batch_id VARCHAR,
  _position VARCHAR,
  _seq NUMBER(19, 0),
  _hash VARCHAR,
  _minor NUMBER(19, 0),
  _currency VARCHAR,
  _contract_version VARCHAR,
  _publication NUMBER(19, 0),
  _deleted_at TIMESTAMP_NTZ(6),
  _form VARCHAR
);
