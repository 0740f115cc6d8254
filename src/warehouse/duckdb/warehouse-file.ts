import { statSync } from "node:fs";
import type { WarehouseFile } from "../warehouse-file.ts";
import { fileHolder } from "./file-lock.ts";

/** Looks at a warehouse file from outside, so that a run that has it open is not disturbed. */
export function duckdbFile(path: string): WarehouseFile {
  const bytes = statSync(path, { throwIfNoEntry: false })?.size ?? null;
  return { kind: "duckdb", path, exists: bytes !== null, bytes, locked_by: fileHolder(path) };
}
