import type { Timer } from "../kernel/clock.ts";
import type { Taking } from "../kernel/token-bucket.ts";
import { unlessAborted } from "../kernel/unless-aborted.ts";
import type { Rate, Rates } from "../sources/rate.ts";
import { claimSlot, holdRate, isHeldBeyond } from "../store/operations/claim-slot.ts";
import type { Store } from "../store/store.ts";

/** Milliseconds, an hour: a service that asks for more is asked again then, and a wrong header stops nobody for longer. */
const LONGEST_HOLD = 3_600_000;

interface Keeping {
  readonly store: Store;
  readonly timer: Timer;
}

async function take({ store, timer }: Keeping, rate: Rate, { until, signal }: Taking): Promise<boolean> {
  for (;;) {
    signal?.throwIfAborted();
    const patience = until === undefined ? null : until - timer.now();
    const slot = await unlessAborted(claimSlot(store, rate, patience), signal);
    if (slot === null) return false;
    if (slot.waitMs <= 0) return true;
    await timer.pause(slot.waitMs, signal);
    // Meanwhile the service may have told somebody to wait; a slot before that is void.
    if (!(await unlessAborted(isHeldBeyond(store, rate.name, slot.at), signal))) return true;
  }
}

/**
 * Rates that all processes of a control store keep together. Slots are given out by the store's clock, in the order of asking; the wait
 * is here. A slot whose taker gives up is lost, since others may have got the ones behind it: that slows down and never exceeds.
 * Where the store is away nothing is taken: Failure as of every question to it.
 */
export function sharedRates(store: Store, timer: Timer): Rates {
  return (rate) => ({
    take: (taking = {}) => take({ store, timer }, rate, taking),
    hold: (milliseconds) => holdRate(store, rate.name, Math.min(milliseconds, LONGEST_HOLD)),
  });
}
