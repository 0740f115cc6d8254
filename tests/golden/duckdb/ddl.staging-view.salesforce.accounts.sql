CREATE OR REPLACE VIEW staging."salesforce_accounts" AS
SELECT "id", "name", "type", "industry", "currency", "created_at", "system_modstamp" FROM staging."salesforce_accounts__rows" WHERE _deleted_at IS NULL;
