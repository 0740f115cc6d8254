import { mkdirSync } from "node:fs";
import { hostname } from "node:os";
import { dirname } from "node:path";
import { Failure } from "../../kernel/problem.ts";
import { acquireLock, type LockHolder, lockHolder } from "../../locks/lock-file.ts";
import { warehouseBusy } from "../problems.ts";

/*
 * A lock file beside the warehouse. DuckDB's own POSIX lock is dropped silently by any open and close of the file in the holder,
 * and it cannot say who holds it; it stays as the second guard, since nothing else here opens the file.
 */
const lockFile = (path: string) => `${path}.lock`;

/** Who has a warehouse file open, by its lock; the file is not touched. */
export function fileHolder(path: string): LockHolder | null {
  return lockHolder(lockFile(path));
}

function busy(path: string, holder: LockHolder | null, waitedMs: number): Failure {
  if (holder === null) return new Failure("retryable", warehouseBusy({ path, waitedMs, holder: "another process" }));
  const named = `process ${holder.pid} on ${holder.host} (${holder.purpose})`;
  const elsewhere = holder.host !== hostname();
  return new Failure("retryable", warehouseBusy({ path, waitedMs, holder: named, elsewhere }));
}

/**
 * Takes the lock of a warehouse file, making its folder; waits for a live holder and clears a dead one.
 * @returns a function that gives the lock back.
 * @throws Failure `retryable` after `waitMs`.
 */
export function lockWarehouseFile(options: { path: string; purpose: string; waitMs: number }): Promise<() => void> {
  const { path, purpose, waitMs } = options;
  mkdirSync(dirname(path), { recursive: true });
  return acquireLock({ file: lockFile(path), purpose, waitMs, busy: (holder, waitedMs) => busy(path, holder, waitedMs) });
}
