import { FLOW_CLASSES } from "../checks/row-class.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { AsOf, FeedInstants } from "../lineage/as-of.ts";
import { add, RELEASE_CLASSES } from "../publish/accounts.ts";
import type { FlowLine, FlowTerm } from "../publish/flow-terms.ts";
import { type Gate, type GateName, type GateSeverity, gateLabel } from "../publish/gate.ts";
import type { RuleSummary } from "../publish/rule-verdicts.ts";
import type { VerdictRecord } from "../store/operations/record-verdicts.ts";
import type { Usage } from "../warehouse/warehouse.ts";

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
export interface GateReport extends Pick<Gate, "name" | "verdict"> {
  /** Null in lines that were written before severities were kept. */
  readonly severity: GateSeverity | null;
  readonly observed: string;
  readonly limit: string;
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

/** A recorded gate as documents show it. Its name is that of a gate of this version or an earlier one. */
export function recordReport(record: VerdictRecord): GateReport {
  const { feed, currency, table, rule, subject, verdict } = record;
  const [observed, limit] = [record.observed ?? "", record.limit ?? ""];
  const about = Object.entries({ feed, table, subject, rule, currency }).filter(([, part]) => part !== null);
  const name = record.name as GateName;
  const severity = record.severity as GateSeverity | null;
  const gate = gateLabel({ name, ...Object.fromEntries(about) });
  return { gate, feed, currency, table, rule, subject, name, severity, verdict, observed, limit };
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
  /** As of when the group is with its publication; null where it made none. */
  readonly as_of: AsOf | null;
  readonly stages: readonly StageReport[];
  /**
   * Statements sent to the warehouse, and bytes that its driver says it moved (null where it says nothing). Null of a run whose
   * process died behind its publication: the ledger knows neither this nor its stages.
   */
  readonly warehouse: Usage | null;
}

/** As of when feeds were published, by the report that the journal keeps of a run; none in one of an earlier version. */
export function publishedInstants(report: unknown): FeedInstants {
  const { as_of: found = null } = (report ?? {}) as Partial<Pick<RunReport, "as_of">>;
  const feeds = (found?.sources ?? []).flatMap((source) => source.feeds);
  return new Map(feeds.map(({ feed, as_of }) => [feed, as_of]));
}

/** No rule was evaluated. */
export const NO_RULES: RuleSummary = { declared: 0, executed: 0, passed: 0, warned: 0, failed: 0, errored: 0 };

const RELEASED = RELEASE_CLASSES.map((name) => [name, `released_${name}`] as const);

function numbers(lines: readonly FlowLine[], unit: "rows" | "minor"): FeedNumbers {
  const sum = (term: FlowTerm) => jsonAmount(add(...lines.map((line) => line.terms[term]))[unit]);
  const all = <T extends string>(names: readonly (readonly [name: T, term: FlowTerm])[]) =>
    Object.fromEntries(names.map(([name, term]) => [name, sum(term)])) as Record<T, JsonAmount>;
  return {
    extracted: sum("extracted"),
    ...all(FLOW_CLASSES.map((name) => [name, name] as const)),
    vanished: sum("vanished"),
    newly_quarantined: sum("newly_quarantined"),
    newly_held: sum("newly_held"),
    pool: {
      opening: sum("pool_opening"),
      released: all(RELEASED),
      superseded: sum("pool_superseded"),
      vanished: sum("pool_vanished"),
      expired: sum("pool_expired"),
      closing: sum("pool_closing"),
    },
  };
}

/** One report per feed, in the order given; feeds that were not extracted are listed with zeros. */
export function feedReports(lines: readonly FlowLine[], feeds: readonly string[]): FeedReport[] {
  return feeds.map((feed) => {
    const mine = lines.filter((line) => line.feed === feed);
    const money = mine.map((line) => ({ currency: line.currency, ...numbers([line], "minor") }));
    return { feed, ...numbers(mine, "rows"), money };
  });
}
