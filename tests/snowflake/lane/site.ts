import { afterAll } from "vitest";
import type { SnowflakeSettings } from "../../../src/config/pipeline.ts";
import { packParquet } from "../../../src/warehouse/duckdb/pack-parquet.ts";
import { WAITS } from "../../../src/warehouse/snowflake/waits.ts";
import { snowflakeWarehouse } from "../../../src/warehouse/snowflake/warehouse.ts";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";
import { emulatorSettings, startEmulator } from "../emulator/emulator.ts";

/** Where the suites of this lane run: an emulator, or an account that the environment names. */
export interface EngineSite {
  /** Settings with a database of their own; what a suite leaves there is its own business. */
  settings(database: string, changed?: Partial<SnowflakeSettings>): SnowflakeSettings;
  warehouse(database: string, changed?: Partial<SnowflakeSettings>): Warehouse;
  /** Creates a database with the schema in which sessions work, for suites that deploy nothing. */
  create(database: string): Promise<void>;
  /** Whether this is a real account. */
  readonly isAccount: boolean;
}

const env = process.env;

/** Whether the lane has an account to run on. */
export const IS_ACCOUNT = env["SNOWFLAKE_TEST_ACCOUNT"] !== undefined;

/** Settings of a real account, as `npm run test:snowflake -- --account` finds them in the environment. */
function accountSettings(): SnowflakeSettings | null {
  const { SNOWFLAKE_TEST_ACCOUNT: account, SNOWFLAKE_TEST_USER: user = "", SNOWFLAKE_TEST_KEY: keyPath = "" } = env;
  if (account === undefined) return null;
  const { SNOWFLAKE_TEST_ROLE: role, SNOWFLAKE_TEST_WAREHOUSE: warehouse, SNOWFLAKE_TEST_KEY_PASSPHRASE: passphrase } = env;
  return {
    kind: "snowflake",
    account,
    user,
    database: "",
    signIn: { kind: "key_pair", keyPath, ...(passphrase ? { passphrase } : {}) },
    load: "upload",
    statementTimeoutSeconds: 300,
    lockTimeoutSeconds: 60,
    ...(role ? { role } : {}),
    ...(warehouse ? { warehouse } : {}),
  };
}

/** Opens the lane's site for a test file; it is closed after the file's last test. */
export async function openEngineSite(): Promise<EngineSite> {
  const account = accountSettings();
  const emulator = account === null ? await startEmulator() : null;
  if (emulator) afterAll(() => emulator[Symbol.asyncDispose]());
  const base = account ?? emulatorSettings(emulator?.url ?? "");
  const settings = (database: string, changed: Partial<SnowflakeSettings> = {}) => ({
    ...base,
    database: account === null ? database : `LEDGERLOOP_TEST_${database}`,
    ...changed,
  });
  const warehouse: EngineSite["warehouse"] = (database, changed) =>
    snowflakeWarehouse(settings(database, changed), { pack: packParquet, waits: { ...WAITS, replay: 0.5 } });
  return {
    settings,
    warehouse,
    create: async (database) => {
      const session = await warehouse(database).open({ purpose: "create" });
      try {
        await session.run({ name: "create", sql: `CREATE DATABASE IF NOT EXISTS ${settings(database).database}` });
        for (const schema of ["RAW", "WORK"]) await session.run({ name: "create", sql: `CREATE SCHEMA IF NOT EXISTS ${schema}` });
      } finally {
        await session.close();
      }
    },
    isAccount: account !== null,
  };
}
