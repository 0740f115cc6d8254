import { Failure } from "../kernel/problem.ts";
import { formatInstant } from "../kernel/window.ts";
import { acquireLease } from "../store/operations/acquire-lease.ts";
import { releaseLease } from "../store/operations/release-lease.ts";
import { renewLease } from "../store/operations/renew-lease.ts";
import type { Store } from "../store/store.ts";
import { groupHeld } from "./problems.ts";

/**
 * Does work under a group's lease, renewed three times per term. Losing it is not acted on here: the lease only spares work,
 * and the fence inside the publish transaction is what a late writer cannot pass.
 * @throws Failure `retryable` when another live run holds it.
 */
export async function underLease<T>(
  store: Store,
  options: { group: string; runId: string; seconds: number },
  work: () => Promise<T>,
): Promise<T> {
  const answer = await acquireLease(store, { ...options, aboveToken: "0" });
  if (!answer.acquired) {
    const { runId, expiresAt } = answer.holder;
    throw new Failure("retryable", groupHeld({ group: options.group, runId, until: formatInstant(expiresAt) }));
  }
  const lease = { group: options.group, token: answer.token, seconds: options.seconds };
  // A renewal that fails is tried again by the next tick; if the store stays away, the lease runs out as it should.
  const timer = setInterval(() => void renewLease(store, lease).catch(() => false), (options.seconds * 1000) / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await releaseLease(store, lease).catch(() => false);
  }
}
