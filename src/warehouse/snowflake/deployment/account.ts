import type { DdlFile, DeploymentFacts } from "../../deployment.ts";
import { CSV_FORMAT, LANDING_FORMAT, LANDING_STAGE } from "../load-sql.ts";
import { numbered, ROLES, SCHEMAS, WAREHOUSES } from "./names.ts";

/** Database and schemas. Work tables are temporary, so schema WORK stays empty for everybody but the session that fills it. */
export function database({ database: name }: DeploymentFacts): DdlFile {
  return {
    name: "010_database",
    about: "Database and schemas. WORK is where a run's temporary tables live: no other session can see or replace them.",
    optional: "needs the right to create databases; once somebody has run it, nobody needs that",
    foundation: true,
    statements: numbered("010_database", [
      `CREATE DATABASE IF NOT EXISTS ${name}`,
      ...SCHEMAS.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${schema}`),
      "CREATE TRANSIENT SCHEMA IF NOT EXISTS WORK",
    ]),
  };
}

export function roles(): DdlFile {
  const all = Object.values(ROLES);
  return {
    name: "020_roles",
    about: `Roles by least privilege: ${ROLES.loader} runs and owns nothing, ${ROLES.deployer} owns the tables, ${ROLES.reader} reads reports,
${ROLES.finance} also sees personal values, history and quarantine, ${ROLES.auditor} reads the ledger and changes nothing. Roles that see personal
values are not given to SYSADMIN, which would see them too.`,
    optional: "needs a role that may create roles, such as USERADMIN",
    statements: numbered("020_roles", [
      ...all.map((role) => `CREATE ROLE IF NOT EXISTS ${role}`),
      `GRANT ROLE ${ROLES.reader} TO ROLE ${ROLES.finance}`,
      ...[ROLES.deployer, ROLES.reader, ROLES.auditor].map((role) => `GRANT ROLE ${role} TO ROLE SYSADMIN`),
    ]),
  };
}

function warehouse(name: string, comment: string): string {
  return `CREATE WAREHOUSE IF NOT EXISTS ${name} WAREHOUSE_SIZE = XSMALL AUTO_SUSPEND = 60 AUTO_RESUME = TRUE INITIALLY_SUSPENDED = TRUE COMMENT = '${comment}'`;
}

/** A resume is billed for a minute at least, so one warehouse takes all statements of an hour. */
export function warehouses(): DdlFile {
  return {
    name: "030_warehouses",
    about: `Compute: one warehouse for runs, one for people, each suspended after 60 s. The monitors warn at 80 % of a month's credits and stop new
statements at 100 %: set the quotas to what docs/snowflake.md computes for your volume.`,
    optional: "needs ACCOUNTADMIN for resource monitors",
    statements: numbered("030_warehouses", [
      warehouse(WAREHOUSES.load, "Runs of LedgerLoop"),
      warehouse(WAREHOUSES.audit, "Readers and auditors of LedgerLoop"),
      ...[
        [WAREHOUSES.load, 200],
        [WAREHOUSES.audit, 50],
      ].flatMap(([name, quota]) => [
        `CREATE RESOURCE MONITOR IF NOT EXISTS ${name}_QUOTA WITH CREDIT_QUOTA = ${quota} FREQUENCY = MONTHLY START_TIMESTAMP = IMMEDIATELY TRIGGERS ON 80 PERCENT DO NOTIFY ON 100 PERCENT DO SUSPEND`,
        `ALTER WAREHOUSE ${name} SET RESOURCE_MONITOR = ${name}_QUOTA`,
      ]),
    ]),
  };
}

/** Who owns what is deployed, and what a publication needs of the whole account. */
export function ownership({ database: name }: DeploymentFacts): DdlFile {
  const owned = (what: string) => `GRANT OWNERSHIP ON ${what} TO ROLE ${ROLES.deployer} COPY CURRENT GRANTS`;
  return {
    name: "035_ownership",
    about: `${ROLES.deployer} owns what it deploys. The last statement concerns the whole account and costs milliseconds a query: by default a session
may not see yet what another one has just committed, and a publisher that waited for the fence must. Decide it with the account's owner.`,
    optional: "gives away ownership, and sets a parameter of the account",
    byHand: true,
    statements: numbered("035_ownership", [
      owned(`DATABASE ${name}`),
      owned(`ALL SCHEMAS IN DATABASE ${name}`),
      `GRANT USAGE ON WAREHOUSE ${WAREHOUSES.load} TO ROLE ${ROLES.deployer}`,
      "ALTER ACCOUNT SET READ_CONSISTENCY_MODE = 'GLOBAL'",
    ]),
  };
}

/** The way from the S3 landing into COPY. The role's ARN is the account's own: this file is filled in and run by a person. */
export function landing({ landing: url }: DeploymentFacts): DdlFile[] {
  if (url === null) return [];
  const location = url.endsWith("/") ? url : `${url}/`;
  return [
    {
      name: "040_landing",
      about: `Storage integration, external stage and file format over the landing; COPY names the same format itself. Put in the ARN of a role that may read ${location}, run it as ACCOUNTADMIN, then
give that role's trust policy the values of DESCRIBE INTEGRATION LEDGERLOOP_LANDING.`,
      optional: "holds the ARN of an AWS role, and needs a role that may create integrations",
      byHand: true,
      statements: numbered("040_landing", [
        `CREATE STORAGE INTEGRATION IF NOT EXISTS LEDGERLOOP_LANDING TYPE = EXTERNAL_STAGE STORAGE_PROVIDER = 'S3' ENABLED = TRUE STORAGE_AWS_ROLE_ARN = '<ARN of the reading role>' STORAGE_ALLOWED_LOCATIONS = ('${location}')`,
        `GRANT USAGE ON INTEGRATION LEDGERLOOP_LANDING TO ROLE ${ROLES.deployer}`,
        `CREATE STAGE IF NOT EXISTS ${LANDING_STAGE} URL = '${location}' STORAGE_INTEGRATION = LEDGERLOOP_LANDING`,
        `GRANT USAGE ON STAGE ${LANDING_STAGE} TO ROLE ${ROLES.loader}`,
        `CREATE FILE FORMAT IF NOT EXISTS ${LANDING_FORMAT} ${CSV_FORMAT} COMMENT = 'Landed files, for whoever looks at them in the stage'`,
        `GRANT USAGE ON FILE FORMAT ${LANDING_FORMAT} TO ROLE ${ROLES.loader}`,
        `GRANT USAGE ON FILE FORMAT ${LANDING_FORMAT} TO ROLE ${ROLES.auditor}`,
      ]),
    },
  ];
}
