import { seededRandom } from "../random.ts";
import { type Clock, settableClock } from "../simulator/clock.ts";
import type { Desk } from "./api/answer.ts";
import type { EventOrder } from "./api/asked.ts";
import { idempotency } from "./api/idempotency.ts";
import type { ApiKey } from "./api/keys.ts";
import { type Rates, rateLimiter } from "./api/rates.ts";
import { READS } from "./api/reads.ts";
import { type Requests, requestLog } from "./api/requests.ts";
import { WRITE_CUSTOMERS } from "./api/write-customers.ts";
import { WRITE_MONEY } from "./api/write-money.ts";
import { type Books, openBooks } from "./books/books.ts";
import { unixSeconds } from "./clock.ts";
import { type Faults, switchboard } from "./faults.ts";
import { seededIds } from "./kinds.ts";
import { rendererOf } from "./render.ts";
import { serve } from "./server.ts";
import { emptyStore, type Store } from "./store.ts";
import { NEWEST_VERSION, OLDER_VERSION } from "./versions.ts";
import { type Settings, writingOf } from "./writing.ts";

/** What a simulator is started with; what is left out has a value that is always the same. */
export interface StripeOptions {
  /** Ids, names, amounts and chances follow from it. */
  readonly seed?: number;
  /** Of the loopback interface; left out, one that is free. */
  readonly port?: number;
  readonly account?: string;
  /** Lower-case currency of the balance; `eur`. */
  readonly currency?: string;
  readonly livemode?: boolean;
  /** What the clock shows first. */
  readonly now?: Date;
  /** When the account was opened. */
  readonly createdAt?: Date;
  readonly keys?: readonly ApiKey[];
  /** None where nothing is said. */
  readonly rates?: Rates | null;
  readonly visibleAfterSeconds?: Settings["visibleAfterSeconds"];
  readonly events?: Partial<EventOrder>;
  /** Versions that requests may ask for. */
  readonly versions?: readonly string[];
  /** The account's own version; the newest. */
  readonly version?: string;
}

/** A running simulator of one account. */
export interface Stripe {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
  readonly account: string;
  readonly clock: Clock;
  /** What happens in the account. */
  readonly books: Books;
  /** What is there, to look at. */
  readonly store: Pick<Store, "find" | "between" | "parts">;
  readonly faults: Faults;
  readonly requests: Requests;
  /** The keys of the account; may be added to and taken away. */
  readonly keys: ApiKey[];
  /** Duplicates and disorder of the list of events; may be changed. */
  readonly events: EventOrder;
  /** Version and visibility; may be changed. */
  readonly settings: Settings;
  close(): Promise<void>;
}

/** The secret of a simulator that was given no keys. */
export const DEFAULT_KEY = "sk_test_sandbox0000";

/** Starts a simulator. */
export async function startStripe(options: StripeOptions = {}): Promise<Stripe> {
  const { seed = 7, now = new Date("2026-10-05T00:00:00Z"), createdAt = new Date("2025-01-01T00:00:00Z") } = options;
  const clock = settableClock(now);
  const store = emptyStore();
  const render = rendererOf(store);
  const settings: Settings = {
    livemode: options.livemode ?? false,
    version: options.version ?? NEWEST_VERSION,
    visibleAfterSeconds: options.visibleAfterSeconds ?? 0,
    account: {
      id: options.account ?? "acct_1Sandbox00000000",
      name: "Sandbox B.V.",
      country: "NL",
      currency: options.currency ?? "eur",
      created: unixSeconds(createdAt),
    },
  };
  const life = seededRandom(seed);
  const ids = seededIds(seededRandom(seed + 1).next);
  const chance = seededRandom(seed + 2);
  const writing = writingOf({ store, ids, clock, render, settings, random: life, newest: NEWEST_VERSION });
  const books = openBooks(writing, life);
  const events: EventOrder = { duplicates: 0, shuffled: false, ...options.events };
  const { log, write } = requestLog();
  const faults = switchboard(chance);
  const keys = [...(options.keys ?? [{ secret: DEFAULT_KEY }])];
  const desk: Desk = {
    account: { store, render, settings, books, events, seed },
    routes: [...READS, ...WRITE_CUSTOMERS, ...WRITE_MONEY],
    versions: options.versions ?? [OLDER_VERSION, NEWEST_VERSION],
    keys,
    clock,
    ids: seededIds(seededRandom(seed + 3).next),
    faults,
    random: chance,
    limit: rateLimiter(options.rates ?? null),
    idempotency: idempotency(),
    log: write,
  };
  const { url, close } = await serve(desk, options.port);
  return { url, account: settings.account.id, clock, books, store, faults, requests: log, keys, events, settings, close };
}
