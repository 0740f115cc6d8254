import type { Environment, WarehouseSettings } from "../config/pipeline.ts";
import type { DialectName } from "../ports/ports.ts";
import type { WarehouseState } from "../upkeep/engine.ts";
import type { CostReport } from "../warehouse/cost.ts";
import type { DdlFile, DeploymentFacts } from "../warehouse/deployment.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { duckdbDialect } from "../warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../warehouse/snowflake/dialect.ts";
import type { Pack } from "../warehouse/snowflake/load.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { WarehouseFile } from "../warehouse/warehouse-file.ts";

/** Everything that the program asks of one engine. Its driver is imported when it is asked: that of DuckDB alone costs 140 ms. */
interface WarehouseAdapter<Settings> {
  readonly dialect: Dialect;
  /** With `deploys` as the role that owns the tables. */
  open(settings: Settings, deploys: boolean): Promise<Warehouse>;
  deployment(): Promise<(facts: DeploymentFacts) => DdlFile[]>;
  /** How it tells what statements have cost; null where they cost nothing. */
  costReport(): Promise<CostReport | null>;
  file(settings: Settings): Promise<WarehouseFile>;
  /** Whether another program left data in a write-ahead log beside it. */
  hasForeignLog(settings: Settings): Promise<boolean>;
  /** The warehouse as a file; null where it is none. */
  fileState(settings: Settings): Promise<WarehouseState | null>;
}

type SettingsOf<Kind> = Extract<WarehouseSettings, { kind: Kind }>;

const DUCKDB: WarehouseAdapter<SettingsOf<"duckdb">> = {
  dialect: duckdbDialect,
  open: async (settings) => (await import("../warehouse/duckdb/warehouse.ts")).duckdbWarehouse(settings),
  deployment: async () => (facts) => [
    { name: "050_tables", about: "Tables and views of the pipeline; every run creates them too.", statements: facts.tableDdl },
  ],
  costReport: async () => null,
  file: async ({ path }) => (await import("../warehouse/duckdb/warehouse-file.ts")).duckdbFile(path),
  hasForeignLog: async ({ path }) => (await import("../warehouse/duckdb/write-ahead-log.ts")).hasForeignLog(path),
  fileState: async (settings) => (await import("../warehouse/duckdb/file-state.ts")).fileStateOf(settings),
};

/** Files that are uploaded are packed by the other engine's driver. */
const pack: Pack = async (batch, file) => (await import("../warehouse/duckdb/pack-parquet.ts")).packParquet(batch, file);

const SNOWFLAKE: WarehouseAdapter<SettingsOf<"snowflake">> = {
  dialect: snowflakeDialect,
  open: async (settings, deploys) => {
    const { snowflakeWarehouse } = await import("../warehouse/snowflake/warehouse.ts");
    const role = deploys ? (settings.deployRole ?? settings.role) : settings.role;
    return snowflakeWarehouse(settings, { pack, role });
  },
  deployment: async () => (await import("../warehouse/snowflake/deployment/deployment.ts")).snowflakeDeployment,
  costReport: async () => (await import("../warehouse/snowflake/cost.ts")).snowflakeCost,
  file: async () => ({ kind: "snowflake", path: null, exists: false, bytes: null, locked_by: null }),
  hasForeignLog: async () => false,
  fileState: async () => null,
};

/** A new engine is a folder of its own, an adapter here and its line. */
const ADAPTERS: { readonly [Kind in DialectName]: WarehouseAdapter<SettingsOf<Kind>> } = {
  duckdb: DUCKDB,
  snowflake: SNOWFLAKE,
};

/** What the program asks of an environment's engine, its settings filled in. */
export function warehouseOf({ warehouse: settings }: Environment) {
  const adapter = ADAPTERS[settings.kind] as WarehouseAdapter<WarehouseSettings>;
  return {
    open: () => adapter.open(settings, false),
    openDeploying: () => adapter.open(settings, true),
    costReport: () => adapter.costReport(),
    file: () => adapter.file(settings),
    hasForeignLog: () => adapter.hasForeignLog(settings),
    fileState: () => adapter.fileState(settings),
  };
}

/** The SQL text of an engine, without a connection. */
export function sqlOf(name: DialectName): Dialect {
  return ADAPTERS[name].dialect;
}

/** Makes an engine's DDL files of a pipeline's facts. */
export function deploymentOf(name: DialectName): Promise<(facts: DeploymentFacts) => DdlFile[]> {
  return ADAPTERS[name].deployment();
}
