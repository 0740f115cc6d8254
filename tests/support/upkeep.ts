import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { UpkeepEngine } from "../../src/upkeep/engine.ts";
import { fileStateOf } from "../../src/warehouse/duckdb/file-state.ts";
import { duckdbOf, type House } from "./engine.ts";

const DAY_MS = 86_400_000;

/** Upkeep of a house, so many days after now. */
export function upkeepOf(house: House, days = 0, changed: Partial<UpkeepEngine> = {}): UpkeepEngine {
  const { pipeline, store, engine } = house;
  const { objectStore } = pipeline.environment;
  const objects = fileObjectStore(objectStore.path);
  const warehouseFile = fileStateOf({ path: duckdbOf(pipeline).path, memoryLimit: "256MB" });
  return {
    pipeline,
    warehouse: engine.warehouse,
    warehouseFile,
    files: { ...warehouseFile, objects: objectStore.path, objectPath: objects.path },
    store,
    objects,
    clock: { now: () => new Date(Date.now() + days * DAY_MS) },
    ids: engine.ids,
    codeVersion: "test",
    actor: "cleaner",
    emit: () => undefined,
    ...changed,
  };
}
