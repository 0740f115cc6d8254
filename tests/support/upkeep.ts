import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { UpkeepEngine } from "../../src/upkeep/clean.ts";
import { compactFile, fileUse } from "../../src/warehouse/duckdb/compact.ts";
import type { House } from "./engine.ts";

const DAY_MS = 86_400_000;

/** Upkeep of a house, so many days after now. */
export function upkeepOf(house: House, days = 0, changed: Partial<UpkeepEngine> = {}): UpkeepEngine {
  const { pipeline, store, engine } = house;
  const { warehouse, objectStore } = pipeline.environment;
  const file = { path: warehouse.path ?? "", memoryLimit: "256MB" };
  return {
    pipeline,
    warehouse: engine.warehouse,
    warehouseFile: { use: () => fileUse(file), compact: () => compactFile(file) },
    store,
    objects: fileObjectStore(objectStore.path),
    clock: { now: () => new Date(Date.now() + days * DAY_MS) },
    ids: engine.ids,
    codeVersion: "test",
    actor: "cleaner",
    emit: () => undefined,
    ...changed,
  };
}
