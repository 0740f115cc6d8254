import { QUIET_SECONDS } from "../beside/quiet.ts";
import { HOUR_MS, STORY_START } from "../cast/hours.ts";
import type { Requests } from "../stripe/api/requests.ts";
import { unixSeconds } from "../stripe/clock.ts";
import { seededLife } from "../stripe/life/life.ts";
import { startStripe } from "../stripe/start-stripe.ts";
import type { Store } from "../stripe/store.ts";
import type { Book } from "../world/book.ts";
import { stripeBook } from "./book.ts";
import { settledBefore } from "./expectation.ts";
import { type SpoiltHour, spoilingOf } from "./plan.ts";

/** Hours that lie behind the account when the demo begins: three weeks. */
const BEHIND = 3 * 7 * 24;

/** A run begins so many seconds after the hour that it loads. */
const LATER_SECONDS = 600;

/** A Stripe account with a life of its own, and with what the company's life leaves in it. */
export interface Account extends AsyncDisposable {
  /** Writes what the company's life leaves in the account. An hour's acts come before the hour is lived. */
  readonly book: Book;
  readonly url: string;
  readonly key: string;
  readonly store: Pick<Store, "between" | "find">;
  /** What was asked since the hour began. */
  readonly requests: Requests;
  /** Lives the next hour (0 is the first), with what goes wrong in it; the clock then stands where a run may begin. */
  live(): SpoiltHour & { readonly now: number };
}

/** Opens an account in the simulator, with some weeks of life in it. Twice one seed is twice the same account. */
export async function openAccount({ seed }: { seed: number }): Promise<Account> {
  const key = "sk_test_demo0000";
  const account = `acct_1Demo${String(seed).padStart(12, "0")}`;
  const stripe = await startStripe({ seed, account, now: new Date(STORY_START - BEHIND * HOUR_MS), keys: [{ secret: key }] });
  const life = seededLife(stripe, seed, { quietSeconds: QUIET_SECONDS });
  for (let hour = 0; hour < BEHIND; hour += 1) life.hour();
  const spoil = spoilingOf(stripe);
  let hour = -1;
  let before = unixSeconds(stripe.clock.now());
  return {
    book: stripeBook(stripe, seed),
    url: stripe.url,
    key,
    store: stripe.store,
    requests: stripe.requests,
    live: () => {
      hour += 1;
      life.hour();
      stripe.clock.advance(LATER_SECONDS);
      stripe.requests.clear();
      const now = unixSeconds(stripe.clock.now());
      const spoilt = spoil(hour, settledBefore(before));
      if (!spoilt.isAway) before = now;
      return { ...spoilt, now };
    },
    [Symbol.asyncDispose]: () => stripe.close(),
  };
}
