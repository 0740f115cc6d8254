-- 040_landing: Storage integration, external stage and file format over the landing; COPY names the same format itself. Put in the ARN of a role that may read s3://your-bucket/landing/, run it as ACCOUNTADMIN, then
-- give that role's trust policy the values of DESCRIBE INTEGRATION LEDGERLOOP_LANDING.
-- Optional: holds the ARN of an AWS role, and needs a role that may create integrations.
-- `ledgerloop warehouse apply` does not run this file.

CREATE STORAGE INTEGRATION IF NOT EXISTS LEDGERLOOP_LANDING TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE STORAGE_AWS_ROLE_ARN = '<ARN of the reading role>' STORAGE_ALLOWED_LOCATIONS = ('s3://your-bucket/landing/');

GRANT USAGE ON INTEGRATION LEDGERLOOP_LANDING TO ROLE LEDGERLOOP_DEPLOYER;

CREATE STAGE IF NOT EXISTS RAW."LANDING" URL = 's3://your-bucket/landing/' STORAGE_INTEGRATION = LEDGERLOOP_LANDING;

GRANT USAGE ON STAGE RAW."LANDING" TO ROLE LEDGERLOOP_LOADER;

CREATE FILE FORMAT IF NOT EXISTS RAW."LANDED_CSV" TYPE = CSV SKIP_HEADER = 1 FIELD_OPTIONALLY_ENCLOSED_BY = '"' EMPTY_FIELD_AS_NULL = TRUE NULL_IF = () ESCAPE_UNENCLOSED_FIELD = NONE COMMENT = 'Landed files, for whoever looks at them in the stage';

GRANT USAGE ON FILE FORMAT RAW."LANDED_CSV" TO ROLE LEDGERLOOP_LOADER;

GRANT USAGE ON FILE FORMAT RAW."LANDED_CSV" TO ROLE LEDGERLOOP_AUDITOR;
