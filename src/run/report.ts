import { FLOW_CLASSES } from "../checks/row-class.ts";
import { type Account, add, RELEASE_CLASSES } from "../publish/accounts.ts";
import { type Gate, gateLabel } from "../publish/gate.ts";
import type { RuleSummary } from "../publish/rule-verdicts.ts";
import type { Amount } from "../warehouse/measured.ts";
import type { Usage } from "../warehouse/warehouse.ts";

/** A count or an amount in JSON: a number while it is exact as one, else decimal text. */
export type JsonAmount = number | string;

/** The classes and flows of one feed, in rows or in minor units. */
export interface FeedNumbers {
  readonly extracted: JsonAmount;
  readonly unreadable: JsonAmount;
  readonly quarantined: JsonAmount;
  readonly held: JsonAmount;
  readonly duplicate: JsonAmount;
  readonly superseded: JsonAmount;
  readonly unchanged: JsonAmount;
  readonly updated: JsonAmount;
  readonly inserted: JsonAmount;
  readonly vanished: JsonAmount;
  readonly newly_quarantined: JsonAmount;
  readonly newly_held: JsonAmount;
  readonly pool: {
    readonly opening: JsonAmount;
    readonly released: Readonly<Record<(typeof RELEASE_CLASSES)[number], JsonAmount>>;
    readonly superseded: JsonAmount;
    readonly vanished: JsonAmount;
    readonly expired: JsonAmount;
    readonly closing: JsonAmount;
  };
}

export interface FeedReport extends FeedNumbers {
  readonly feed: string;
  readonly money: readonly (FeedNumbers & { readonly currency: string })[];
}

export interface StageReport {
  readonly stage: string;
  readonly seconds: number;
  readonly skipped: string | null;
}

/** A gate as documents show it: its label for people, and what it is about in parts; null where it is about no such thing. */
export interface GateReport extends Pick<Gate, "name" | "severity" | "verdict" | "observed" | "limit"> {
  readonly gate: string;
  readonly feed: string | null;
  readonly currency: string | null;
  readonly table: string | null;
  readonly rule: string | null;
  readonly subject: string | null;
}

/** A gate as documents show it. */
export function gateReport(gate: Gate): GateReport {
  const { feed = null, currency = null, table = null, rule = null, subject = null, ...rest } = gate;
  return { gate: gateLabel(gate), feed, currency, table, rule, subject, ...rest };
}

/** The document that `ledgerloop run --json` prints. Its shape is stable: see `docs/json.md`. */
export interface RunReport {
  readonly run_id: string;
  readonly group: string;
  readonly window: string | null;
  readonly publication_id: string | null;
  readonly outcome: string;
  readonly exit_code: number;
  readonly message: string | null;
  readonly feeds: readonly FeedReport[];
  readonly gates: readonly GateReport[];
  readonly rules: RuleSummary;
  readonly stages: readonly StageReport[];
  /** Statements sent to the warehouse, and bytes that its driver says it moved (null where it says nothing). */
  readonly warehouse: Usage;
}

/** No rule was evaluated. */
export const NO_RULES: RuleSummary = { declared: 0, executed: 0, passed: 0, warned: 0, failed: 0, errored: 0 };

const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/** Exact in JSON: decimal text beyond 2^53. */
export function jsonAmount(value: bigint): JsonAmount {
  return value > LARGEST || value < -LARGEST ? value.toString() : Number(value);
}

function numbers(accounts: readonly Account[], unit: "rows" | "minor"): FeedNumbers {
  const sum = (pick: (a: Account) => Amount) => jsonAmount(add(...accounts.map(pick))[unit]);
  const flow = Object.fromEntries(FLOW_CLASSES.map((name) => [name, sum((a) => a.flow[name])])) as Record<
    (typeof FLOW_CLASSES)[number],
    JsonAmount
  >;
  const released = Object.fromEntries(RELEASE_CLASSES.map((name) => [name, sum((a) => a.pool.released[name])])) as Record<
    (typeof RELEASE_CLASSES)[number],
    JsonAmount
  >;
  return {
    extracted: sum((a) => a.extracted),
    ...flow,
    vanished: sum((a) => a.vanished),
    newly_quarantined: sum((a) => a.newlyQuarantined),
    newly_held: sum((a) => a.newlyHeld),
    pool: {
      opening: sum((a) => a.pool.opening),
      released,
      superseded: sum((a) => a.pool.superseded),
      vanished: sum((a) => a.pool.vanished),
      expired: sum((a) => a.pool.expired),
      closing: sum((a) => a.pool.closing),
    },
  };
}

/** One report per feed of the group, in its order; feeds that were not extracted are listed with zeros. */
export function feedReports(accounts: readonly Account[], feeds: readonly string[]): FeedReport[] {
  return feeds.map((feed) => {
    const mine = accounts.filter((a) => a.feed === feed);
    const money = mine.map((a) => ({ currency: a.currency, ...numbers([a], "minor") }));
    return { feed, ...numbers(mine, "rows"), money };
  });
}
