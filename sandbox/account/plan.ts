import { AWAY_SECONDS } from "../beside/left-out.ts";
import type { Fault } from "../faults.ts";
import { unixSeconds } from "../stripe/clock.ts";
import { numberIn, objectIn } from "../stripe/json.ts";
import type { Stripe } from "../stripe/start-stripe.ts";
import { shortenPayout } from "./short-payout.ts";

/** The account, as far as whoever spoils it needs it. */
export type Spoilt = Pick<Stripe, "books" | "store" | "clock" | "faults" | "events">;

/** A fault of answers that is switched on for the hour's run. */
export interface StruckAnswers {
  readonly fault: Fault;
  readonly times: number;
  readonly hits: () => number;
}

/** What is wrong with an hour. What is wrong with objects stands in the account. */
export interface SpoiltHour {
  readonly answers: readonly StruckAnswers[];
  /** Objects that changed and that the run may not see. */
  readonly unreadable: ReadonlySet<string>;
  /** Every event stands twice in its list, and those of one second in no order. */
  readonly eventsTwice: boolean;
  /** The account takes no requests at all. */
  readonly isAway: boolean;
  /** It takes them again, and what happened in a day waits in it. */
  readonly isBack: boolean;
}

/** Spoils one hour after the other, when its life is over; `past` is the instant that the run before was past, in whole seconds. */
export type Spoiling = (hour: number, past: number) => SpoiltHour;

/** Hours of the day. What is planted in one is put right in a later one. */
const CUT = 0;
const LIMITED = 1;
const UNAVAILABLE = 5;
/** The hour of each day in which life pays out. */
const PAYOUT = 6;
const LATE = 7;
const WATCHED = 9;
const UNKNOWN = { planted: 10, mended: 12 };
const DRAFT = { planted: 13, deleted: 16 };
const TWICE: readonly number[] = [11, 14, 22];
/** A day in which the account is away, beyond the first one; a backlog waits in the hour behind it. */
const AWAY = { from: 44, until: 68 };
/** From then on, in the first hour in which the object is asked for by itself. */
const FORBIDDEN_FROM = 17;

/** Seconds before the run: past the hour's life, and old enough for lists to be complete. */
const BEFORE_RUN = 540;

/** Seconds that a run reads again below what the run before was past. */
const READ_AGAIN = 600;

/** Whether a charge changed that a run does not find in the list of new ones: a page would be read in which the other one stands too. */
function othersChanged({ store, clock }: Spoilt, past: number): boolean {
  const since = past - READ_AGAIN;
  return store.between("event", since, unixSeconds(clock.now()) + 1).some(({ object }) => {
    const changed = objectIn(objectIn(object, "data"), "object");
    return changed["object"] === "charge" && numberIn(changed, "created") < since;
  });
}

interface Planted {
  watched: string | null;
  unknown: string | null;
  draft: string | null;
  forbidden: "to come" | "now" | "was";
}

const AMOUNT = { amount: 12_300, currency: "eur" } as const;

function spoilAnswers(account: Spoilt, hour: number): StruckAnswers[] {
  const { faults } = account;
  const of = (fault: Fault, times: number, active: { readonly hits: number }): StruckAnswers[] => [
    { fault, times, hits: () => active.hits },
  ];
  // The second page of a first load.
  if (hour === CUT) return of("cut_answer", 1, faults.on("cut_body", { match: "/v1/charges", after: 1 }));
  if (hour === LIMITED) return of("rate_limited", 2, faults.on("rate_limited_burst", { match: "/v1/invoices", times: 2 }));
  if (hour !== UNAVAILABLE) return [];
  return of("unavailable", 1, faults.on("unavailable_retry_after", { match: "/v1/events", retryAfter: 1 }));
}

/** Objects that are bad, late or gone, each at its hour. */
function spoilObjects(account: Spoilt, planted: Planted, { hour, at }: { hour: number; at: Date }): void {
  const { books, store, clock } = account;
  if (hour % 24 === PAYOUT) shortenPayout(account);
  if (hour === LATE) {
    const second = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000);
    books.charges.create({ ...AMOUNT, description: "late" }, { at: second(-360), visibleFrom: second(120) });
  }
  if (hour === WATCHED) planted.watched = books.charges.create({ ...AMOUNT, description: "watched" }, { at }).id;
  if (hour === UNKNOWN.planted) {
    planted.unknown = books.charges.create(AMOUNT, { at }).id;
    books.charges.update(planted.unknown, { currency: "xau" }, { at });
  }
  if (hour === UNKNOWN.mended && planted.unknown !== null)
    books.charges.update(planted.unknown, { currency: AMOUNT.currency }, { at });
  if (hour === DRAFT.planted) {
    const customer = store.between("customer", 0, Number.POSITIVE_INFINITY).find(({ deleted }) => !deleted);
    if (customer)
      planted.draft = books.invoices.create({ customer: customer.id, currency: "eur", lines: [{ amount: 4_200 }] }, { at }).id;
  }
  if (hour === DRAFT.deleted && planted.draft !== null) books.invoices.remove(planted.draft, { at });
}

/** Changes an object twice within a second, so that what events say last is not how it is. */
function changeTwice({ books }: Spoilt, id: string, at: Date): void {
  books.charges.update(id, { description: "between" }, { at });
  books.charges.update(id, { description: `watched at ${at.toISOString()}` }, { at });
}

/** The object that is forbidden in this hour, if it is one in which it would be asked for by itself. */
function forbid(account: Spoilt, planted: Planted, { at, past }: { at: Date; past: number }): ReadonlySet<string> {
  const { watched, forbidden } = planted;
  if (watched === null || forbidden === "was") return new Set();
  if (forbidden === "now") {
    planted.forbidden = "was";
    changeTwice(account, watched, at);
    return new Set();
  }
  if (othersChanged(account, past)) return new Set();
  planted.forbidden = "now";
  changeTwice(account, watched, at);
  account.faults.on("object_forbidden", { id: watched });
  return new Set([watched]);
}

/** Whether the account is away in an hour, or back in it. */
function leave({ faults }: Spoilt, hour: number): Pick<SpoiltHour, "isAway" | "isBack"> {
  if (hour === AWAY.from) faults.on("unavailable_retry_after", { times: Number.POSITIVE_INFINITY, retryAfter: AWAY_SECONDS });
  if (hour === AWAY.until) faults.off();
  return { isAway: hour >= AWAY.from && hour < AWAY.until, isBack: hour === AWAY.until };
}

/** What goes wrong with an account and its answers in the course of a day, and beyond it; the last payout before it has gone wrong already. */
export function spoilingOf(account: Spoilt): Spoiling {
  shortenPayout(account);
  const planted: Planted = { watched: null, unknown: null, draft: null, forbidden: "to come" };
  return (hour, past) => {
    const at = new Date(account.clock.now().getTime() - BEFORE_RUN * 1000);
    const eventsTwice = TWICE.includes(hour);
    account.events.duplicates = eventsTwice ? 1 : 0;
    account.events.shuffled = eventsTwice;
    spoilObjects(account, planted, { hour, at });
    if (eventsTwice && planted.watched !== null) changeTwice(account, planted.watched, at);
    const isForbidding = hour >= FORBIDDEN_FROM && !eventsTwice;
    const unreadable = isForbidding ? forbid(account, planted, { at, past }) : new Set<string>();
    return { answers: spoilAnswers(account, hour), unreadable, eventsTwice, ...leave(account, hour) };
  };
}
