import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import type { DuckdbSettings, Pipeline } from "../../src/config/pipeline.ts";
import { systemTimer } from "../../src/kernel/clock.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { RunReport } from "../../src/projector/run-report.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { executeRun } from "../../src/run/execute.ts";
import { type RunChoice, type RunRequest, runRequest } from "../../src/run/request.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { migrateStore, openStore, type Store } from "../../src/store/store.ts";
import type { TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import { startTestCluster, type TestCluster, type TestServer } from "./cluster.ts";
import { loadPipeline } from "./load-pipeline.ts";
import { controlCluster, freshDatabase } from "./postgres.ts";
import { strictDuckdb } from "./strict.ts";

/** How a run ended: its report, or the failure it was ended by. */
export type Ended = { readonly report: RunReport; readonly failure: null } | { readonly report: null; readonly failure: Failure };

/** A whole LedgerLoop on real parts but for its source: control store in another server than the source, DuckDB file, folder. */
export interface SourcelessHouse extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly engine: Engine;
  readonly store: Store;
  readonly folder: string;
  /** What a process of the program needs to work on this house. */
  readonly env: Readonly<Record<string, string>>;
  readonly events: RunEvent[];
  run(choice?: Partial<RunChoice>, engine?: Partial<Engine>): Promise<Ended>;
  /** The same of a request that no options of `run` make. */
  perform(request: RunRequest, engine?: Partial<Engine>): Promise<Ended>;
  query(sql: string): Promise<TextRow[]>;
}

/** The same with a PostgreSQL source. */
export interface House extends SourcelessHouse {
  readonly source: pg.Client;
  /** The servers of source and control store, where they are the house's own. */
  readonly servers: { readonly source: TestCluster; readonly control: TestCluster } | null;
}

/** The settings of a pipeline's DuckDB file. */
export function duckdbOf({ environment }: Pipeline): DuckdbSettings {
  if (environment.warehouse.kind !== "duckdb") throw new Error("not a DuckDB environment");
  return environment.warehouse;
}

/** Ids that count up, for tests that name their runs. */
function countedIds(): Engine["ids"] {
  let made = 0;
  return {
    next: (prefix) => {
      made += 1;
      return `${prefix}_${String(made).padStart(4, "0")}`;
    },
  };
}

interface Furnishing {
  /** The control store's server; where none is named, one that others use too. */
  readonly control?: TestServer;
  readonly env: Readonly<Record<string, string>>;
  /** Loads the pipeline; told the house's own variables. */
  readonly load: (env: Readonly<Record<string, string>>) => Pipeline;
  readonly readerOf: Engine["readerOf"];
}

/** Opens a house whose source somebody else brings. */
export async function openSourceless({ control, env: own, load, readerOf }: Furnishing): Promise<SourcelessHouse> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-house-"));
  const controlDb = await freshDatabase({ on: control ?? (await controlCluster()) });
  const env = { LEDGERLOOP_STATE: folder, CONTROL_URL: controlDb.url, ...own };
  const pipeline = load(env);
  await migrateStore(controlDb.url);
  const store = await openStore(controlDb.url);
  const warehouse: Warehouse = strictDuckdb(duckdbOf(pipeline));
  const objects: ObjectStore = await fileObjectStore(pipeline.environment.objectStore.path);
  const events: RunEvent[] = [];
  const engine: Engine = {
    pipeline,
    reread: () => load(env),
    warehouse,
    store,
    objects,
    readerOf,
    clock: { now: () => new Date() },
    timer: systemTimer,
    ids: countedIds(),
    codeVersion: "test",
    actor: "tester",
    emit: (event) => events.push(event),
  };
  const [group = ""] = pipeline.groups.keys();
  const attempt = async (asked: () => RunRequest, changed: Partial<Engine> = {}) => {
    try {
      return { report: await executeRun({ ...engine, ...changed }, asked(), new AbortController().signal), failure: null };
    } catch (error) {
      if (error instanceof Failure) return { report: null, failure: error };
      throw error;
    }
  };
  return {
    pipeline,
    engine,
    store,
    folder,
    env,
    events,
    run: (choice = {}, changed = {}) => attempt(() => runRequest({ group, ...choice }), changed),
    perform: (request, changed = {}) => attempt(() => request, changed),
    query: async (sql) => {
      const session = await warehouse.open({ purpose: "test", readOnly: true });
      try {
        return await session.rows({ name: "test", sql });
      } finally {
        await session.close();
      }
    },
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await controlDb[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Opens a house over a pipeline folder; `ddl` is run at the source first, `urlVariable` names its address in the YAML. */
export async function openHouse(options: {
  directory: string;
  ddl: string;
  urlVariable: string;
  /** How the source's database differs from a usual one. */
  like?: string;
  /** Servers that nobody else uses, so that they can be stopped. */
  ownServers?: boolean;
}): Promise<House> {
  const servers = options.ownServers ? { source: await startTestCluster(), control: await startTestCluster() } : null;
  const db = await freshDatabase({
    ...(options.like === undefined ? {} : { like: options.like }),
    ...(servers === null ? {} : { on: servers.source }),
  });
  const source = await db.client();
  await source.query(readFileSync(options.ddl, "utf8"));
  const house = await openSourceless({
    ...(servers === null ? {} : { control: servers.control }),
    env: { [options.urlVariable]: db.url },
    load: (env) => loadPipeline({ directory: options.directory, env }).pipeline,
    readerOf: async () => postgresReader(),
  });
  return {
    ...house,
    source,
    servers,
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await db[Symbol.asyncDispose]();
      await servers?.source.stop();
      await servers?.control.stop();
    },
  };
}
