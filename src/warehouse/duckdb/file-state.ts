import type { Warehouse } from "../warehouse.ts";
import { alone } from "./alone.ts";
import { compactFile, fileUse } from "./compact.ts";
import { type DuckdbOptions, duckdbWarehouse } from "./warehouse.ts";

/** A warehouse file as a file: measured, compacted, copied and replaced while nobody has it open. */
export function fileStateOf(options: DuckdbOptions) {
  const { path, memoryLimit } = options;
  return {
    warehouse: path,
    use: () => fileUse(options),
    compact: () => compactFile(options),
    alone: <T>(purpose: string, work: () => Promise<T>): Promise<T> => alone({ path, purpose, mayBeMissing: true }, work),
    warehouseAt: (other: string): Warehouse => duckdbWarehouse({ path: other, memoryLimit }),
  };
}
