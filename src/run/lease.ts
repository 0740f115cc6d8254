import type { Timer } from "../kernel/clock.ts";
import { Failure } from "../kernel/problem.ts";
import { formatInstant } from "../kernel/window.ts";
import { acquireLease } from "../store/operations/acquire-lease.ts";
import { releaseLease } from "../store/operations/release-lease.ts";
import { renewLease } from "../store/operations/renew-lease.ts";
import type { Store } from "../store/store.ts";
import { groupHeld } from "./problems.ts";

/** How long the holder of a lease is waited for; without it a run that finds the lease held ends. */
interface Patience {
  readonly milliseconds: number;
  readonly timer: Timer;
  readonly signal: AbortSignal;
  /** Called before each further try, with the run that holds the lease; throws where nobody waits any longer. */
  readonly onHeld: (holder: string) => Promise<void>;
}

interface Leasing {
  readonly group: string;
  readonly runId: string;
  readonly seconds: number;
  readonly patience?: Patience;
}

/** Milliseconds after which a held lease is asked for again. */
const AGAIN = 2_000;

async function acquire(store: Store, { patience, ...options }: Leasing): Promise<string> {
  const began = patience?.timer.now() ?? 0;
  for (;;) {
    const answer = await acquireLease(store, { ...options, aboveToken: "0" });
    if (answer.acquired) return answer.token;
    const { runId, expiresAt } = answer.holder;
    if (!patience || patience.timer.now() - began >= patience.milliseconds) {
      throw new Failure("retryable", groupHeld({ group: options.group, runId, until: formatInstant(expiresAt) }));
    }
    await patience.onHeld(runId);
    await patience.timer.pause(AGAIN, patience.signal);
  }
}

/**
 * Does work under a group's lease, renewed three times per term. Losing it is not acted on here: the lease only spares work,
 * and the fence inside the publish transaction is what a late writer cannot pass.
 * @throws Failure `retryable` when another live run holds it, and still does when the patience ends.
 */
export async function underLease<T>(store: Store, options: Leasing, work: () => Promise<T>): Promise<T> {
  const lease = { group: options.group, token: await acquire(store, options), seconds: options.seconds };
  // A renewal that fails is tried again by the next tick; if the store stays away, the lease runs out as it should.
  const timer = setInterval(() => void renewLease(store, lease).catch(() => false), (options.seconds * 1000) / 3);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    await releaseLease(store, lease).catch(() => false);
  }
}
