import { FLOW_CLASSES, type FlowClass, isOneOf, type RowClass, TURNED_BAD } from "../checks/row-class.ts";
import type { TallyLine } from "../checks/tally.ts";
import type { ClosedLine, WaitingLine } from "../checks/waiting.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Amount, MeasuredLine } from "../warehouse/measured.ts";

/** What held rows become when they leave the pool by their own judgement. */
export const RELEASE_CLASSES = [
  "inserted",
  "updated",
  "unchanged",
  "quarantined",
  "superseded",
] as const satisfies readonly RowClass[];
export type ReleaseClass = (typeof RELEASE_CLASSES)[number];

/** One feed and currency of one run: every number that the identities relate. */
export interface Account {
  readonly feed: string;
  readonly currency: string;
  /** The source's control totals. */
  readonly extracted: Amount;
  readonly flow: Readonly<Record<FlowClass, Amount>>;
  /** Rows whose amount or currency is needed and cannot be read, as the source counts them and as they were labelled. */
  readonly unreadable: { readonly source: bigint; readonly read: bigint };
  readonly newlyQuarantined: Amount;
  /** Σ|amount| of newly quarantined and unreadable rows. */
  readonly newlyQuarantinedAbsolute: bigint;
  readonly newlyHeld: Amount;
  /** Rows of these that lack nothing but parents of feeds that are absent from this run. */
  readonly heldForAbsent: bigint;
  /** Held rows that this run's judgement turned into quarantined ones. */
  readonly heldTurnedBad: Amount;
  readonly vanished: Amount;
  readonly pool: {
    readonly opening: Amount;
    readonly released: Readonly<Record<ReleaseClass, Amount>>;
    readonly superseded: Amount;
    readonly vanished: Amount;
    readonly expired: Amount;
    readonly closing: Amount;
    /** Since when the oldest row of the closing pool waits. */
    readonly oldest: string | null;
  };
  readonly quarantine: { readonly before: Amount; readonly fromHeld: Amount; readonly closed: Amount; readonly after: Amount };
  readonly stock: {
    readonly before: Amount;
    readonly replaced: Amount;
    readonly updated: Amount;
    readonly inserted: Amount;
    readonly after: Amount;
  };
}

/** All extracted rows and their money as they were labelled, whatever their class. */
export function readOf(a: Pick<Account, "flow">): Amount {
  return add(...FLOW_CLASSES.map((name) => a.flow[name]));
}

/** What entered staging, extracted and released rows alike. */
export function goodOf(a: Account): Amount {
  return add(a.stock.inserted, a.stock.updated);
}

/** What newly counts as bad: extracted rows, and held ones that were judged so now. */
export function badOf(a: Account): Amount {
  return add(a.newlyQuarantined, a.heldTurnedBad);
}

/** Everything measured in a run, as the queries returned it. */
export interface Measurements {
  readonly totals: readonly (MeasuredLine & { readonly unreadable: bigint })[];
  readonly tally: readonly TallyLine[];
  readonly replaced: readonly MeasuredLine[];
  readonly vanished: readonly MeasuredLine[];
  readonly stockBefore: readonly MeasuredLine[];
  readonly stockAfter: readonly MeasuredLine[];
  readonly waitingBefore: readonly WaitingLine[];
  readonly waitingAfter: readonly WaitingLine[];
  readonly closed: readonly ClosedLine[];
}

export const NOTHING: Amount = { rows: 0n, minor: 0n };

/** Adds amounts. */
export function add(...amounts: readonly Amount[]): Amount {
  return amounts.reduce((sum, a) => ({ rows: sum.rows + a.rows, minor: sum.minor + a.minor }), NOTHING);
}

export function subtract(a: Amount, b: Amount): Amount {
  return { rows: a.rows - b.rows, minor: a.minor - b.minor };
}

export function isSame(a: Amount, b: Amount): boolean {
  return a.rows === b.rows && a.minor === b.minor;
}

interface Line {
  readonly feed: string;
  readonly currency: string;
}

const keyOf = ({ feed, currency }: Line) => JSON.stringify([feed, currency]);

/** Lines by feed and currency, made once for each list: a column of free texts has thousands of currencies. */
const indexes = new WeakMap<readonly Line[], ReadonlyMap<string, readonly unknown[]>>();

function indexOf<T extends Line>(lines: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const known = indexes.get(lines) as ReadonlyMap<string, readonly T[]> | undefined;
  if (known) return known;
  const index = grouped(lines, keyOf);
  indexes.set(lines, index);
  return index;
}

function at<T extends Line>(lines: readonly T[], feed: string, currency: string): readonly T[] {
  return indexOf(lines).get(keyOf({ feed, currency })) ?? [];
}

function flow(batch: readonly TallyLine[]): Record<FlowClass, Amount> {
  const entries = FLOW_CLASSES.map((name) => [name, add(...batch.filter((line) => line.class === name))] as const);
  return Object.fromEntries(entries) as Record<FlowClass, Amount>;
}

function pool(closed: readonly ClosedLine[], opening: Amount, after: readonly WaitingLine[]): Account["pool"] {
  const held = closed.filter((line) => line.kind === "held");
  const of = (event: string, className?: string) =>
    add(...held.filter((line) => line.event === event && (className === undefined || line.class === className)));
  const released = Object.fromEntries(RELEASE_CLASSES.map((name) => [name, of("released", name)])) as Record<
    ReleaseClass,
    Amount
  >;
  const whole = (event: string) => {
    const lines = held.filter((line) => line.event === event);
    return add(...lines, ...lines.map(furtherCopies));
  };
  // A released row enters once; its identical copies leave with it as superseded.
  const copies = held.filter((line) => line.event === "released" || line.event === "expired").map(furtherCopies);
  return {
    opening,
    released,
    superseded: add(whole("superseded"), ...copies),
    vanished: whole("vanished"),
    expired: of("expired"),
    closing: add(...after),
    oldest: after.reduce<string | null>(
      (oldest, line) => (oldest === null || (line.oldest ?? oldest) < oldest ? line.oldest : oldest),
      null,
    ),
  };
}

function furtherCopies(line: ClosedLine): Amount {
  return { rows: line.copies, minor: line.copiesMinor };
}

function account(m: Measurements, feed: string, currency: string): Account {
  const tally = at(m.tally, feed, currency);
  const batch = tally.filter((line) => line.origin === "batch");
  const plain = (lines: readonly TallyLine[]) => add(...lines.map((line) => ({ rows: line.plainRows, minor: line.plainMinor })));
  const bad = batch.filter((line) => (line.class === "quarantined" || line.class === "unreadable") && !line.seenAgain);
  const held = batch.filter((line) => line.class === "held");
  const waitingLines = (lines: readonly WaitingLine[], isHeld: boolean) =>
    at(lines, feed, currency).filter((line) => (line.kind === "held") === isHeld);
  const waiting = (lines: readonly WaitingLine[], isHeld: boolean) => add(...waitingLines(lines, isHeld));
  const closed = at(m.closed, feed, currency);
  const notHeld = closed.filter((line) => line.kind !== "held");
  const poolAccount = pool(closed, waiting(m.waitingBefore, true), waitingLines(m.waitingAfter, true));
  return {
    feed,
    currency,
    extracted: add(...at(m.totals, feed, currency)),
    flow: flow(batch),
    unreadable: {
      source: at(m.totals, feed, currency).reduce((sum, total) => sum + total.unreadable, 0n),
      read: batch.reduce((sum, line) => sum + line.unreadableRows, 0n),
    },
    newlyQuarantined: add(...bad),
    newlyQuarantinedAbsolute: bad.reduce((sum, line) => sum + line.absoluteMinor, 0n),
    newlyHeld: add(...held.filter((line) => !line.seenAgain)),
    heldForAbsent: held.filter((line) => !line.seenAgain).reduce((sum, line) => sum + line.excusedRows, 0n),
    heldTurnedBad: plain(tally.filter((line) => line.origin === "held" && isOneOf(TURNED_BAD, line.class))),
    vanished: add(...at(m.vanished, feed, currency)),
    pool: poolAccount,
    quarantine: {
      before: waiting(m.waitingBefore, false),
      fromHeld: add(poolAccount.released.quarantined, poolAccount.expired),
      closed: add(...notHeld, ...notHeld.map(furtherCopies)),
      after: waiting(m.waitingAfter, false),
    },
    stock: {
      before: add(...at(m.stockBefore, feed, currency)),
      replaced: add(...at(m.replaced, feed, currency)),
      updated: plain(tally.filter((line) => line.class === "updated")),
      inserted: plain(tally.filter((line) => line.class === "inserted")),
      after: add(...at(m.stockAfter, feed, currency)),
    },
  };
}

/** One account per feed and currency that any measurement mentions, sorted. */
export function buildAccounts(m: Measurements): Account[] {
  const keys = new Set<string>();
  for (const lines of [m.totals, m.tally, m.vanished, m.stockBefore, m.stockAfter, m.waitingBefore, m.waitingAfter, m.closed]) {
    for (const line of lines as readonly Line[]) keys.add(keyOf(line));
  }
  return [...keys].sort().map((key) => {
    const [feed = "", currency = ""] = JSON.parse(key) as string[];
    return account(m, feed, currency);
  });
}
