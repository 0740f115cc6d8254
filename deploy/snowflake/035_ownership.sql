-- 035_ownership: LEDGERLOOP_DEPLOYER owns what it deploys. The last statement concerns the whole account and costs milliseconds a query: by default a session
-- may not see yet what another one has just committed, and a publisher that waited for the fence must. Decide it with the account's owner.
-- Optional: gives away ownership, and sets a parameter of the account.
-- `ledgerloop warehouse apply` does not run this file.

GRANT OWNERSHIP ON DATABASE LEDGERLOOP TO ROLE LEDGERLOOP_DEPLOYER COPY CURRENT GRANTS;

GRANT OWNERSHIP ON ALL SCHEMAS IN DATABASE LEDGERLOOP TO ROLE LEDGERLOOP_DEPLOYER COPY CURRENT GRANTS;

GRANT USAGE ON WAREHOUSE LEDGERLOOP_LOAD TO ROLE LEDGERLOOP_DEPLOYER;

ALTER ACCOUNT SET READ_CONSISTENCY_MODE = 'GLOBAL';
