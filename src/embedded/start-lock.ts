import { Failure } from "../kernel/problem.ts";
import { acquireLock } from "../locks/lock-file.ts";
import { lockHeld } from "./problems.ts";

const PATIENCE_MS = 60_000;

/**
 * Runs an action while no other process holds the lock file; a lock of a dead process is cleared.
 * @throws Failure `retryable` when a live process keeps it for over a minute.
 */
export async function withStartLock<T>(file: string, action: () => Promise<T>): Promise<T> {
  const release = await acquireLock({
    file,
    purpose: "start or stop clusters",
    waitMs: PATIENCE_MS,
    busy: (holder) => new Failure("retryable", lockHeld(file, holder?.pid ?? 0)),
  });
  try {
    return await action();
  } finally {
    release();
  }
}
