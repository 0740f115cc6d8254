import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import type { Environment, Pipeline } from "../config/pipeline.ts";
import { type Clock, type Ids, systemClock, systemTimer } from "../kernel/clock.ts";
import type { App } from "../ports/ports.ts";
import type { ProvingTools } from "../reconcile/tools.ts";
import type { Engine } from "../run/engine.ts";
import { openStore, type Store } from "../store/store.ts";
import type { StateFiles, UpkeepEngine, WarehouseState } from "../upkeep/engine.ts";
import { load } from "./load.ts";
import { openObjects } from "./object-stores.ts";
import { ownPackage } from "./own-package.ts";
import { storeUrl } from "./places.ts";
import { readerOf, resolveSources, sourcesWithContents } from "./sources.ts";
import { warehouseOf } from "./warehouses.ts";

type Env = App["env"];

/** Who is recorded as having asked. */
export function actor(env: Env): string {
  return env["LEDGERLOOP_ACTOR"] ?? env["USER"] ?? userInfo().username;
}

/** Run ids sort by their start and are unique without asking anybody. */
function runIds(clock: Clock): Ids {
  return {
    next: (prefix) => `${prefix}_${clock.now().toISOString().replace(/[-:.]/g, "")}_${randomBytes(3).toString("hex")}`,
  };
}

/** Opens the control store for some work, and closes it. */
export async function withStore<T>({ environment }: Pipeline, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(await storeUrl(environment));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What runs and upkeep work with alike. */
async function toolsOf({ environment }: Pipeline, { env, store }: { env: Env; store: Store }) {
  return {
    warehouse: await warehouseOf(environment).open(),
    store,
    objects: await openObjects(environment),
    clock: systemClock,
    ids: runIds(systemClock),
    codeVersion: ownPackage().version,
    actor: actor(env),
  };
}

/** See `RunPort.withEngine`. */
export async function withEngine<T>(
  { pipeline, env, emit }: { pipeline: Pipeline; env: Env; emit: Engine["emit"] },
  work: (engine: Engine) => Promise<T>,
): Promise<T> {
  const { directory, environment } = pipeline;
  const resolved = await resolveSources(pipeline);
  const reread = () => load({ directory, environment: environment.name, env }).pipeline;
  return withStore(pipeline, async (store) =>
    work({ ...(await toolsOf(pipeline, { env, store })), pipeline: resolved, reread, readerOf, timer: systemTimer, emit }),
  );
}

/** See `LookPort.provingTools`. */
export async function provingTools(pipeline: Pipeline, env: Env): Promise<ProvingTools> {
  const { environment } = pipeline;
  const withContents = await sourcesWithContents(pipeline);
  return {
    pipeline: await resolveSources(pipeline),
    hasContents: ({ source }) => withContents.has(source),
    warehouse: await warehouseOf(environment).open(),
    objects: await openObjects(environment),
    readerOf,
    clock: systemClock,
    timer: systemTimer,
    ids: runIds(systemClock),
    codeVersion: ownPackage().version,
    actor: actor(env),
  };
}

async function stateFiles({ objectStore }: Environment, file: WarehouseState): Promise<StateFiles | null> {
  if (objectStore.kind !== "file") return null;
  const { fileObjectStore } = await import("../objects/file/file-object-store.ts");
  const folder = fileObjectStore(objectStore.path);
  return { ...file, objects: objectStore.path, objectPath: folder.path };
}

/** See `UpkeepPort.withUpkeep`. It needs no source: it works while the sources are away. */
export async function withUpkeep<T>(
  { pipeline, env, emit }: { pipeline: Pipeline; env: Env; emit: UpkeepEngine["emit"] },
  work: (engine: UpkeepEngine) => Promise<T>,
): Promise<T> {
  const warehouseFile = await warehouseOf(pipeline.environment).fileState();
  const files = warehouseFile && (await stateFiles(pipeline.environment, warehouseFile));
  const asFiles = { ...(warehouseFile ? { warehouseFile } : {}), ...(files ? { files } : {}) };
  return withStore(pipeline, async (store) => work({ ...(await toolsOf(pipeline, { env, store })), pipeline, ...asFiles, emit }));
}
