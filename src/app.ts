import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { App, DemoAnswer, DemoChoice, DialectName, PipelineChoice } from "./cli/app-interface.ts";
import { type LoadOptions, loadPipeline } from "./config/load.ts";
import type { Environment, Pipeline, Source } from "./config/pipeline.ts";
import type { SourceKind } from "./config/source-kind.ts";
import { BILLING_CLUSTER, CONTROL_CLUSTER, clusterStatus, clusterUrl, startClusters, stopClusters } from "./embedded/clusters.ts";
import { type Clock, type Ids, systemClock, systemTimer } from "./kernel/clock.ts";
import { EVIDENCE, LANDING } from "./landing/layout.ts";
import type { ObjectInventory } from "./objects/object-store.ts";
import { projectAll } from "./projector/project-all.ts";
import type { Engine } from "./run/engine.ts";
import type { Deriver } from "./sources/deriver.ts";
import { postgresKind } from "./sources/postgres/postgres-kind.ts";
import type { FeedRequest, SourceReader, Tried } from "./sources/source.ts";
import { migrateStore, openStore } from "./store/store.ts";
import type { StateFiles, UpkeepEngine } from "./upkeep/engine.ts";
import type { DdlFile, DeploymentFacts } from "./warehouse/deployment.ts";
import type { Dialect } from "./warehouse/dialect.ts";
import type { Pack } from "./warehouse/snowflake/load.ts";
import type { Warehouse } from "./warehouse/warehouse.ts";

/** A kind of source, and its reader. Adapters are imported when they are needed: the DuckDB driver alone costs 140 ms. */
interface SourceAdapter {
  readonly kind: SourceKind;
  readonly reader: () => Promise<SourceReader>;
}

/** A new kind of source is a folder of its own and a line here. */
const SOURCE_ADAPTERS: readonly SourceAdapter[] = [
  { kind: postgresKind, reader: async () => (await import("./sources/postgres/postgres-reader.ts")).postgresReader() },
];

/** The kinds that a source file may be of. */
export const SOURCE_KINDS: readonly SourceKind[] = SOURCE_ADAPTERS.map(({ kind }) => kind);

const load = (options: Omit<LoadOptions, "kinds">) => loadPipeline({ ...options, kinds: SOURCE_KINDS });

/** The program's own package, which brings a pipeline and a version. */
function ownPackage(): { folder: string; version: string } {
  // From src/ and from dist/src/ alike.
  for (const path of ["../", "../../"]) {
    try {
      const folder = new URL(path, import.meta.url);
      const found = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { name?: string; version?: string };
      if (found.name === "ledgerloop") return { folder: fileURLToPath(folder), version: found.version ?? "0" };
    } catch {
      // The other place.
    }
  }
  return { folder: ".", version: "0" };
}

function packageVersion(): string {
  return ownPackage().version;
}

/** Where this machine keeps what belongs to an environment. One whose stores are all elsewhere only needs room for copies. */
function stateFolder({ warehouse, objectStore, name }: Environment): string {
  if (warehouse.kind === "duckdb") return dirname(warehouse.path);
  return objectStore.kind === "file" ? dirname(objectStore.path) : join(tmpdir(), `ledgerloop-${userInfo().uid}-${name}`);
}

async function openWarehouse({ warehouse }: Environment, deploys = false): Promise<Warehouse> {
  if (warehouse.kind === "duckdb") {
    const { duckdbWarehouse } = await import("./warehouse/duckdb/warehouse.ts");
    return duckdbWarehouse(warehouse);
  }
  const { snowflakeWarehouse } = await import("./warehouse/snowflake/warehouse.ts");
  // Imported when something is uploaded: the DuckDB driver alone costs 140 ms.
  const pack: Pack = async (batch, file) => (await import("./warehouse/duckdb/pack-parquet.ts")).packParquet(batch, file);
  return snowflakeWarehouse(warehouse, { pack, role: deploys ? (warehouse.deployRole ?? warehouse.role) : warehouse.role });
}

async function deploymentOf(name: DialectName): Promise<(facts: DeploymentFacts) => DdlFile[]> {
  if (name === "snowflake") return (await import("./warehouse/snowflake/deployment/deployment.ts")).snowflakeDeployment;
  return ({ tableDdl }) => [
    { name: "050_tables", about: "Tables and views of the pipeline; every run creates them too.", statements: tableDdl },
  ];
}

async function hasForeignLog({ warehouse }: Environment): Promise<boolean> {
  if (warehouse.kind !== "duckdb") return false;
  return (await import("./warehouse/duckdb/write-ahead-log.ts")).hasForeignLog(warehouse.path);
}

async function dialectOf(name: DialectName): Promise<Dialect> {
  if (name === "snowflake") return (await import("./warehouse/snowflake/dialect.ts")).snowflakeDialect;
  return (await import("./warehouse/duckdb/dialect.ts")).duckdbDialect;
}

async function openObjects(environment: Environment): Promise<ObjectInventory> {
  const { objectStore } = environment;
  if (objectStore.kind === "file") {
    const { fileObjectStore } = await import("./objects/file/file-object-store.ts");
    return fileObjectStore(objectStore.path);
  }
  const { kind: _, retention, ...place } = objectStore;
  const { s3ObjectStore } = await import("./objects/s3/s3-object-store.ts");
  return s3ObjectStore({
    ...place,
    ...(retention ? { retention: { ...retention, below: [LANDING, EVIDENCE] } } : {}),
    temporary: join(stateFolder(environment), "downloads"),
    now: () => systemClock.now(),
  });
}

function adapterOf(source: Source): SourceAdapter {
  const adapter = SOURCE_ADAPTERS.find(({ kind }) => kind.kind === source.kind);
  if (!adapter) throw new Error(`no adapter reads sources of kind ${source.kind}`);
  return adapter;
}

async function readerOf(source: Source): Promise<SourceReader> {
  return adapterOf(source).reader();
}

/** A source that names the embedded cluster gets its address, which changes when its port was taken. */
async function resolveSource(source: Source, environment: Environment): Promise<Source> {
  const { kind } = adapterOf(source);
  if (!source.embedded || !kind.resolved) return source;
  const url = await clusterUrl(stateFolder(environment), BILLING_CLUSTER.name);
  return { ...source, settings: kind.resolved(source.settings, url), embedded: false };
}

async function resolveSources(pipeline: Pipeline): Promise<Pipeline> {
  const sources = new Map<string, Source>();
  for (const [id, source] of pipeline.sources) sources.set(id, await resolveSource(source, pipeline.environment));
  return { ...pipeline, sources };
}

async function storeUrl(environment: Environment): Promise<string> {
  return environment.controlStore.url ?? clusterUrl(stateFolder(environment), CONTROL_CLUSTER.name);
}

/** Run ids sort by their start and are unique without asking anybody. */
function runIds(clock: Clock): Ids {
  return {
    next: (prefix) => `${prefix}_${clock.now().toISOString().replace(/[-:.]/g, "")}_${randomBytes(3).toString("hex")}`,
  };
}

function actor(env: App["env"]): string {
  return env["LEDGERLOOP_ACTOR"] ?? env["USER"] ?? userInfo().username;
}

async function withEngine<T>(
  context: { pipeline: Pipeline; env: App["env"]; emit: Engine["emit"] },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { pipeline, env } = context;
  const { environment } = pipeline;
  const resolved = await resolveSources(pipeline);
  const store = await openStore(await storeUrl(environment));
  try {
    return await work({
      pipeline: resolved,
      reread: () => load({ directory: pipeline.directory, environment: environment.name, env }).pipeline,
      warehouse: await openWarehouse(environment),
      store,
      objects: await openObjects(environment),
      readerOf,
      clock: systemClock,
      timer: systemTimer,
      ids: runIds(systemClock),
      codeVersion: packageVersion(),
      actor: actor(env),
      emit: context.emit,
    });
  } finally {
    await store.close();
  }
}

async function stateFiles({ warehouse, objectStore }: Environment): Promise<StateFiles | undefined> {
  if (warehouse.kind !== "duckdb" || objectStore.kind !== "file") return undefined;
  const { fileStateOf } = await import("./warehouse/duckdb/file-state.ts");
  const { fileObjectStore } = await import("./objects/file/file-object-store.ts");
  const folder = fileObjectStore(objectStore.path);
  return { ...fileStateOf(warehouse), objects: objectStore.path, objectPath: folder.path };
}

/** Upkeep needs no source: it works while the sources are away. */
async function withUpkeep<T>(
  context: { pipeline: Pipeline; env: App["env"]; emit: UpkeepEngine["emit"] },
  work: (engine: UpkeepEngine) => Promise<T>,
): Promise<T> {
  const { environment } = context.pipeline;
  const store = await openStore(await storeUrl(environment));
  try {
    const files = await stateFiles(environment);
    return await work({
      pipeline: context.pipeline,
      warehouse: await openWarehouse(environment),
      ...(files ? { files } : {}),
      store,
      objects: await openObjects(environment),
      clock: systemClock,
      ids: runIds(systemClock),
      codeVersion: packageVersion(),
      actor: actor(context.env),
      emit: context.emit,
    });
  } finally {
    await store.close();
  }
}

async function describeSources(pipeline: Pipeline) {
  const resolved = await resolveSources(pipeline);
  const found = new Map<string, Awaited<ReturnType<SourceReader["describe"]>> extends Map<string, infer C> ? C : never>();
  for (const source of resolved.sources.values()) {
    const reader = await readerOf(source);
    try {
      const feeds = [...resolved.feeds.values()].filter((feed) => feed.source === source.id);
      for (const [feed, columns] of await reader.describe(source, feeds)) found.set(feed, columns);
    } finally {
      await reader.close();
    }
  }
  return found;
}

async function trySource(
  { environment, currencies }: Pipeline,
  { source, feeds }: { source: Source; feeds: readonly FeedRequest[] },
): Promise<Tried | null> {
  const reader = await readerOf(source);
  try {
    const request = { source: await resolveSource(source, environment), feeds, currencies };
    return (await reader.try?.({ ...request, signal: new AbortController().signal })) ?? null;
  } finally {
    await reader.close();
  }
}

async function deriversOf({ sources }: Pipeline): Promise<Map<string, readonly Deriver[]>> {
  const found = new Map<string, readonly Deriver[]>();
  for (const source of sources.values()) {
    const reader = await readerOf(source);
    found.set(source.id, reader.derivers ?? []);
    await reader.close();
  }
  return found;
}

/** A cluster is only started for what has no address of its own. */
function neededClusters({ environment, sources }: Pipeline) {
  const control = environment.controlStore.url === undefined;
  const billing = [...sources.values()].some((source) => source.embedded);
  return [...(control ? [CONTROL_CLUSTER] : []), ...(billing ? [BILLING_CLUSTER] : [])];
}

async function up(pipeline: Pipeline, onProgress: (group: string, number: bigint) => void) {
  const { environment } = pipeline;
  const needed = environment.embedded ? neededClusters(pipeline) : [];
  const clusters = needed.length > 0 ? await startClusters({ state: stateFolder(environment), clusters: needed }) : [];
  const url = await storeUrl(environment);
  const migrations = await migrateStore(url);
  const store = await openStore(url);
  try {
    const now = systemClock.now();
    return {
      clusters,
      migrations,
      journal: await projectAll(await openWarehouse(environment), { store, pipeline, now, onProgress }),
    };
  } finally {
    await store.close();
  }
}

async function demo(choice: DemoChoice, env: App["env"]): Promise<DemoAnswer> {
  const { startDemo } = await import("../sandbox/start-demo.ts");
  const { renderScoreboard } = await import("../sandbox/scoreboard.ts");
  const ofDemo = { ...env, LEDGERLOOP_STATE: choice.state };
  const warehouseOf = (directory: string) =>
    openWarehouse(load({ directory, environment: choice.environment, env: ofDemo }).pipeline.environment);
  const pipeline = choice.pipeline ?? join(ownPackage().folder, "pipeline");
  const { result } = await startDemo({ ...choice, warehouseOf, pipeline, env: { ...env } });
  return { ok: result.ok, document: result, scoreboard: renderScoreboard(result) };
}

/** The program with its real adapters. This is the only file that names them. */
export function createApp(env: App["env"]): App {
  return {
    version: packageVersion(),
    env,
    actor: () => actor(env),
    pipeline: async ({ directory, environment }: PipelineChoice) => load({ directory, environment, env }),
    withEngine: (pipeline, emit, work) => withEngine({ pipeline, env, emit }, work),
    withUpkeep: (pipeline, emit, work) => withUpkeep({ pipeline, env, emit }, work),
    withStore: async (pipeline, work) => {
      const store = await openStore(await storeUrl(pipeline.environment));
      try {
        return await work(store);
      } finally {
        await store.close();
      }
    },
    warehouse: (pipeline) => openWarehouse(pipeline.environment),
    deployingWarehouse: (pipeline) => openWarehouse(pipeline.environment, true),
    deployment: deploymentOf,
    costReport: async ({ environment }) =>
      environment.warehouse.kind === "snowflake" ? (await import("./warehouse/snowflake/cost.ts")).snowflakeCost : null,
    hasForeignLog: (pipeline) => hasForeignLog(pipeline.environment),
    dialect: dialectOf,
    objects: (pipeline) => openObjects(pipeline.environment),
    derivers: deriversOf,
    trySource,
    describeSources,
    up,
    down: (pipeline) => stopClusters({ state: stateFolder(pipeline.environment) }),
    clusters: (pipeline) => clusterStatus({ state: stateFolder(pipeline.environment) }),
    demo: (choice) => demo(choice, env),
    stateFolder: (pipeline) => stateFolder(pipeline.environment),
  };
}
