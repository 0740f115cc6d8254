ALTER TABLE ops."quarantine_row" ADD COLUMN IF NOT EXISTS contract_version VARCHAR;
