import { underLease } from "../run/lease.ts";
import type { Store } from "../store/store.ts";

/**
 * Does work while every group's lease is held, so that no run and no other upkeep goes on beside it. Groups are taken in
 * the order of their names, so that two callers cannot each hold what the other waits for.
 * @throws Failure `retryable` when a live run holds one of them.
 */
export async function underLeases<T>(
  store: Store,
  options: { groups: readonly string[]; runId: string; seconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const [group, ...others] = [...options.groups].sort();
  if (group === undefined) return work();
  const { runId, seconds } = options;
  return underLease(store, { group, runId, seconds }, () => underLeases(store, { ...options, groups: others }, work));
}
