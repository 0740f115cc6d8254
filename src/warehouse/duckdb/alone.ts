import { existsSync } from "node:fs";
import { open } from "node:fs/promises";
import { Failure } from "../../kernel/problem.ts";
import { foreignWal, warehouseMissing } from "../problems.ts";
import { lockWarehouseFile } from "./file-lock.ts";
import { hasForeignLog } from "./write-ahead-log.ts";

/**
 * Does work on a warehouse file as a file, while no session of any process is open: every opener waits for the same lock.
 * Nobody may have the file open then, since closing a second handle would drop DuckDB's own lock.
 * @throws Failure `retryable` when somebody holds it for over a minute, `usage` when it must exist and does not.
 */
export async function alone<T>(
  options: { path: string; purpose: string; mayBeMissing?: boolean },
  work: () => Promise<T>,
): Promise<T> {
  const { path, purpose, mayBeMissing = false } = options;
  const unlock = await lockWarehouseFile({ path, purpose, waitMs: 60_000 });
  try {
    if (!mayBeMissing && !existsSync(path)) throw new Failure("usage", warehouseMissing({ path }));
    if (hasForeignLog(path)) throw new Failure("internal", foreignWal({ path }));
    return await work();
  } finally {
    unlock();
  }
}

/** Makes a file's bytes, or a folder's names, durable. */
export async function sync(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
