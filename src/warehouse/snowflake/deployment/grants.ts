import type { DdlFile, DeploymentFacts } from "../../deployment.ts";
import { snowflakeDialect as d } from "../dialect.ts";
import { numbered, ROLES, SCHEMAS, WAREHOUSES } from "./names.ts";

/** A privilege on what is in a schema now, and on what will be. `what` is e.g. `SELECT ON TABLES`. */
function onAll(what: string, schema: string, role: string): string[] {
  return ["ALL", "FUTURE"].map((which) => `GRANT ${what.replace(" ON ", ` ON ${which} `)} IN SCHEMA ${schema} TO ROLE ${role}`);
}

function usage({ database }: DeploymentFacts, role: string, schemas: readonly string[]): string[] {
  return [
    `GRANT USAGE ON DATABASE ${database} TO ROLE ${role}`,
    ...schemas.map((schema) => `GRANT USAGE ON SCHEMA ${schema} TO ROLE ${role}`),
  ];
}

/** What is replaced may be deleted; the ledger, history and quarantine are only added to, and the fences are the only rows updated. */
function loader(facts: DeploymentFacts): string[] {
  const role = ROLES.loader;
  return [
    ...usage(facts, role, ["RAW", "STAGING", "CURATED", "HISTORY", "OPS", "WORK"]),
    `GRANT USAGE ON WAREHOUSE ${WAREHOUSES.load} TO ROLE ${role}`,
    ...onAll("SELECT, INSERT, UPDATE, DELETE ON TABLES", "STAGING", role),
    ...onAll("SELECT, INSERT, DELETE ON TABLES", "CURATED", role),
    ...onAll("SELECT, INSERT ON TABLES", "HISTORY", role),
    ...onAll("SELECT, INSERT ON TABLES", "OPS", role),
    ...["STAGING", "CURATED", "OPS"].flatMap((schema) => onAll("SELECT ON VIEWS", schema, role)),
    ...facts.fences.map((fence) => `GRANT UPDATE ON TABLE ${d.table("ops", fence)} TO ROLE ${role}`),
    `GRANT CREATE STAGE ON SCHEMA WORK TO ROLE ${role}`,
  ];
}

function reader(facts: DeploymentFacts): string[] {
  return [
    ...usage(facts, ROLES.reader, ["REPORTING"]),
    `GRANT USAGE ON WAREHOUSE ${WAREHOUSES.audit} TO ROLE ${ROLES.reader}`,
    ...onAll("SELECT ON VIEWS", "REPORTING", ROLES.reader),
  ];
}

function finance(facts: DeploymentFacts): string[] {
  const schemas = ["CURATED", "HISTORY", "OPS"];
  return [
    ...usage(facts, ROLES.finance, schemas),
    ...schemas.flatMap((schema) => onAll("SELECT ON TABLES", schema, ROLES.finance)),
    ...["CURATED", "OPS"].flatMap((schema) => onAll("SELECT ON VIEWS", schema, ROLES.finance)),
  ];
}

function auditor(facts: DeploymentFacts): string[] {
  return [
    ...usage(facts, ROLES.auditor, ["OPS", "HISTORY", "CURATED"]),
    `GRANT USAGE ON WAREHOUSE ${WAREHOUSES.audit} TO ROLE ${ROLES.auditor}`,
    ...["OPS", "HISTORY", "CURATED"].flatMap((schema) => onAll("SELECT ON TABLES", schema, ROLES.auditor)),
    ...["CURATED", "OPS"].flatMap((schema) => onAll("SELECT ON VIEWS", schema, ROLES.auditor)),
    // `ledgerloop cost` reads QUERY_HISTORY and QUERY_ATTRIBUTION_HISTORY.
    `GRANT DATABASE ROLE SNOWFLAKE.GOVERNANCE_VIEWER TO ROLE ${ROLES.auditor}`,
    `GRANT DATABASE ROLE SNOWFLAKE.USAGE_VIEWER TO ROLE ${ROLES.auditor}`,
  ];
}

export function grants(facts: DeploymentFacts): DdlFile {
  return {
    name: "100_grants",
    about: `Rights. ${ROLES.deployer} must own the schemas' objects; ${ROLES.loader} cannot create, alter or drop a lasting object, and cannot change the
ledger once it is written. The last two grants let an auditor read what statements cost.`,
    optional: "needs a role that may grant, such as SECURITYADMIN",
    statements: numbered("100_grants", [
      ...[...SCHEMAS, "WORK"].map((schema) => `GRANT ALL PRIVILEGES ON SCHEMA ${schema} TO ROLE ${ROLES.deployer}`),
      ...loader(facts),
      ...reader(facts),
      ...finance(facts),
      ...auditor(facts),
    ]),
  };
}
