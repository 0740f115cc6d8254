import { readFileSync, statSync } from "node:fs";
import { hostname } from "node:os";
import type { Environment } from "../config/pipeline.ts";

/** Who has the warehouse file open, as its lock says. */
export interface LockHolder {
  readonly pid: number;
  readonly host: string;
  readonly purpose: string;
  /** False for a process of this host that is gone, and for a lock copied with its folder: the next opener clears it. */
  readonly alive: boolean;
}

/** What can be said of the warehouse without opening it. */
export interface WarehouseFile {
  readonly kind: string;
  readonly path: string | null;
  readonly exists: boolean;
  readonly bytes: number | null;
  readonly locked_by: LockHolder | null;
}

function sizeOf(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.size ?? null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function readLock(file: string): LockHolder | null {
  try {
    const { pid, host, purpose, inode } = JSON.parse(readFileSync(file, "utf8")) as Omit<LockHolder, "alive"> & {
      inode?: string;
    };
    const copied = inode !== undefined && inode !== statSync(file, { bigint: true }).ino.toString();
    return { pid, host, purpose, alive: !copied && (host !== hostname() || isAlive(pid)) };
  } catch {
    return null;
  }
}

/** Looks at the warehouse file from outside, so that a run that has it open is not disturbed. */
export function warehouseFile({ warehouse }: Environment): WarehouseFile {
  const { kind } = warehouse;
  if (warehouse.kind !== "duckdb") return { kind, path: null, exists: false, bytes: null, locked_by: null };
  const { path } = warehouse;
  const bytes = sizeOf(path);
  return { kind, path, exists: bytes !== null, bytes, locked_by: readLock(`${path}.lock`) };
}
