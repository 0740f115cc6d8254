import { FLOW_CLASSES } from "../checks/row-class.ts";
import { CLOSING_STOCK } from "../ledger/earlier.ts";
import type { Amount } from "../warehouse/measured.ts";
import { type Account, badOf, goodOf, NOTHING, RELEASE_CLASSES } from "./accounts.ts";

/** The classes of `ops.flow`: every number of an account that is told of a publication, so that the ledger tells it alone. */
export const FLOW_TERMS = [
  "extracted",
  ...FLOW_CLASSES,
  "vanished",
  "good",
  "bad",
  "newly_quarantined",
  "newly_held",
  "pool_opening",
  "released_inserted",
  "released_updated",
  "released_unchanged",
  "released_quarantined",
  "released_superseded",
  "pool_superseded",
  "pool_vanished",
  "pool_expired",
  "pool_closing",
  CLOSING_STOCK,
] as const;
export type FlowTerm = (typeof FLOW_TERMS)[number];

/** What one publication or run did to one feed and currency. */
export interface FlowLine {
  readonly feed: string;
  readonly currency: string;
  readonly terms: Readonly<Record<FlowTerm, Amount>>;
}

const releasedTerm = (name: (typeof RELEASE_CLASSES)[number]) => `released_${name}` as const;

/** An account as the ledger keeps it. */
export function flowLine(a: Account): FlowLine {
  const released = Object.fromEntries(RELEASE_CLASSES.map((name) => [releasedTerm(name), a.pool.released[name]]));
  return {
    feed: a.feed,
    currency: a.currency,
    terms: {
      extracted: a.extracted,
      ...a.flow,
      vanished: a.vanished,
      good: goodOf(a),
      bad: badOf(a),
      newly_quarantined: a.newlyQuarantined,
      newly_held: a.newlyHeld,
      pool_opening: a.pool.opening,
      ...(released as Record<ReturnType<typeof releasedTerm>, Amount>),
      pool_superseded: a.pool.superseded,
      pool_vanished: a.pool.vanished,
      pool_expired: a.pool.expired,
      pool_closing: a.pool.closing,
      closing_stock: a.stock.after,
    },
  };
}

/** A row of `ops.flow` as it was read. */
export interface FlowRow {
  readonly feed: string;
  readonly currency: string;
  readonly class: string;
  readonly amount: Amount;
}

/** The lines that rows of one publication give, sorted; a term that has no row is nothing, and other classes are left out. */
export function flowLines(rows: readonly FlowRow[]): FlowLine[] {
  const found = new Map<string, { feed: string; currency: string; terms: Record<FlowTerm, Amount> }>();
  for (const { feed, currency, class: name, amount } of rows) {
    const term = FLOW_TERMS.find((known) => known === name);
    if (term === undefined) continue;
    const key = JSON.stringify([feed, currency]);
    const nothing = () => Object.fromEntries(FLOW_TERMS.map((t) => [t, NOTHING])) as Record<FlowTerm, Amount>;
    const line = found.get(key) ?? { feed, currency, terms: nothing() };
    line.terms[term] = amount;
    found.set(key, line);
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, line]) => line);
}
