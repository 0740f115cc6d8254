import type { DdlFile, DeploymentFacts } from "../../deployment.ts";
import { snowflakeDialect as d } from "../dialect.ts";
import { numbered } from "./names.ts";

/** Seven years and two leap days. */
const SEVEN_YEARS_DAYS = 2557;
const KEPT = ["CURATED", "HISTORY", "OPS"];

/** For mistakes of people; a publication is undone by another publication. */
export function timeTravel(): DdlFile {
  return {
    name: "900_time_travel",
    about:
      "Time Travel of 30 days over what is published and over the ledger: for mistakes of people with rights, at the price of storage.",
    optional: "30 days need Enterprise Edition; storage is billed",
    byHand: true,
    statements: numbered(
      "900_time_travel",
      KEPT.map((schema) => `ALTER SCHEMA ${schema} SET DATA_RETENTION_TIME_IN_DAYS = 30`),
    ),
  };
}

/** Backups that nobody can delete, account administrators included, until they expire. */
export function backups(): DdlFile {
  return {
    name: "910_backups",
    about: `Daily backups with retention lock for seven years: nobody, ACCOUNTADMIN included, can delete one before it expires. A lock cannot be taken
back; decide first how a person's erasure request is met (tokens instead of names before they are stored).`,
    optional: "a retention lock is for ever; needs Business Critical Edition or as your contract says",
    byHand: true,
    statements: numbered("910_backups", [
      `CREATE BACKUP POLICY IF NOT EXISTS OPS.SEVEN_YEARS WITH RETENTION LOCK SCHEDULE = '1440 MINUTE' EXPIRE_AFTER_DAYS = ${SEVEN_YEARS_DAYS}`,
      ...KEPT.map(
        (schema) =>
          `CREATE BACKUP SET IF NOT EXISTS OPS.BACKUP_OF_${schema} FOR SCHEMA ${schema} WITH BACKUP POLICY OPS.SEVEN_YEARS`,
      ),
    ]),
  };
}

/** Replaced versions are rarely read after a year; they go to cheap storage and expire after seven years. */
export function lifecycle({ tables }: DeploymentFacts): DdlFile {
  const history = tables.filter((table) => table.schema === "history" && table.prunedBy !== null);
  return {
    name: "920_lifecycle",
    about: `Replaced versions older than a year move to archive storage and expire at seven years of age. As-of queries over archived years read them
back with CREATE TABLE … FROM ARCHIVE OF first.`,
    optional: "not in all regions; archived rows are read back at a price",
    byHand: true,
    statements: numbered("920_lifecycle", [
      `CREATE STORAGE LIFECYCLE POLICY IF NOT EXISTS OPS.ARCHIVE_AFTER_A_YEAR AS (d DATE) RETURNS BOOLEAN -> d < DATEADD(DAY, -365, CURRENT_DATE()) ARCHIVE_TIER = COLD ARCHIVE_FOR_DAYS = ${SEVEN_YEARS_DAYS - 365}`,
      ...history.map(
        ({ schema, name, prunedBy }) =>
          `ALTER TABLE ${d.table(schema, name)} ADD STORAGE LIFECYCLE POLICY OPS.ARCHIVE_AFTER_A_YEAR ON (${d.identifier(prunedBy ?? "")})`,
      ),
    ]),
  };
}
