import { curatedKeyText } from "../checks/curated-rules.ts";
import { MASK } from "../checks/samples.ts";
import { formatMoney } from "../config/money-text.ts";
import type { Model } from "../config/pipeline.ts";
import type { CheckPlan } from "../contract/check-plan.ts";
import { WAITING, type WaitingSide } from "../contract/rule.ts";
import { messageOf } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { ask, type Question } from "../warehouse/questions.ts";
import { curatedRows } from "../warehouse/relations.ts";
import { and, column, exactSum, rowKey } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { type Gate, gateSeverity, severeGate } from "./gate.ts";
import { hasPersonalKey, NAMED, namedKeys } from "./named-keys.ts";

type TiesRule = CheckPlan["ties"][number];

/** A rule over a curated table as it would be published. */
export interface TiesTarget {
  readonly model: Model;
  readonly rule: TiesRule;
  /** Exponents of the currencies in which money is told. */
  readonly currencies: Readonly<Record<string, number>>;
}

/** What a row without a state is called. */
const NONE = "-";

function oneOf(dialect: Dialect, value: string, texts: readonly string[]): string {
  return `${value} IN (${texts.map((text) => dialect.literal(text)).join(", ")})`;
}

function liveRows(dialect: Dialect, { model }: TiesTarget, where: string): string {
  return `FROM ${curatedRows(dialect, model)} t WHERE t.${dialect.identifier("deleted_at")} IS NULL AND ${where}`;
}

/** Rows of the states that say nothing of the other side, beside the waiting rows of that side as `w`. */
function besideWaiting(dialect: Dialect, target: TiesTarget, { states, feed, key }: WaitingSide): string {
  const { rule, model } = target;
  const same = rowKey(dialect, "t", key);
  const on = and([
    oneOf(dialect, column(dialect, "t", rule.state), states),
    `w.feed = ${column(dialect, "t", feed)}`,
    `w.source_key = ${same}`,
  ]);
  return `FROM ${curatedRows(dialect, model)} t
  LEFT JOIN (SELECT DISTINCT q.feed, q.source_key FROM ${ops(dialect, "open_quarantine")} q WHERE q.source_key IS NOT NULL) w ON ${on}
  WHERE t.${dialect.identifier("deleted_at")} IS NULL AND ${isUntied(dialect, target)}`;
}

function isUntied(dialect: Dialect, { rule }: TiesTarget): string {
  const state = column(dialect, "t", rule.state);
  return `(${state} IS NULL OR NOT ${oneOf(dialect, state, rule.tied)})`;
}

/** Rows and money by state and currency. Money is summed without its sign: what comes and what goes would cancel out. */
function countStates(dialect: Dialect, target: TiesTarget): Question {
  const { rule } = target;
  const state = `COALESCE(${column(dialect, "t", rule.state)}, ${dialect.literal(NONE)})`;
  const cells = (named: string) =>
    `SELECT ${named} AS state, COALESCE(${column(dialect, "t", rule.currency)}, ${dialect.literal(NONE)}) AS currency, COALESCE(ABS(${column(dialect, "t", rule.amount)}), 0) AS minor`;
  const untied = rule.waiting
    ? `${cells(`CASE WHEN w.source_key IS NULL THEN ${state} ELSE ${dialect.literal(WAITING)} END`)} ${besideWaiting(dialect, target, rule.waiting)}`
    : `${cells(state)} ${liveRows(dialect, target, isUntied(dialect, target))}`;
  const tied = `${cells(state)} ${liveRows(dialect, target, oneOf(dialect, column(dialect, "t", rule.state), rule.tied))}`;
  return {
    name: "states",
    columns: ["state", "currency", "row_count", "minor"],
    sql: `SELECT g.state, g.currency, COUNT(*) AS row_count, ${exactSum(dialect, "g.minor")} AS minor FROM (
  ${tied}
  UNION ALL
  ${untied}
) g GROUP BY g.state, g.currency`,
  };
}

/** Keys of the first rows that differ; masked where they are personal. */
function nameDiffering(dialect: Dialect, target: TiesTarget): Question {
  const { rule, model } = target;
  const key = curatedKeyText(dialect, model, "t");
  const differs = oneOf(dialect, column(dialect, "t", rule.state), rule.differs);
  return {
    name: "differing",
    columns: ["named"],
    sql: `SELECT ${hasPersonalKey(model) ? dialect.literal(MASK) : "k.named"} AS named FROM (SELECT ${key} AS named ${liveRows(dialect, target, differs)} ORDER BY 1 LIMIT ${NAMED}) k`,
  };
}

interface StateCount {
  readonly rows: bigint;
  readonly money: readonly { readonly currency: string; readonly minor: bigint }[];
}

function byState(rows: readonly TextRow[]): Map<string, StateCount> {
  const found = new Map<string, StateCount>();
  for (const row of rows) {
    const { rows: before, money } = found.get(row["state"] ?? NONE) ?? { rows: 0n, money: [] };
    const more = { currency: row["currency"] ?? NONE, minor: BigInt(row["minor"] ?? "0") };
    found.set(row["state"] ?? NONE, { rows: before + BigInt(row["row_count"] ?? "0"), money: [...money, more] });
  }
  return found;
}

/** The states of a rule in the order in which they are told: those that it names, though no row has them, and then all others. */
function told(rule: TiesRule, found: ReadonlyMap<string, StateCount>): string[] {
  const named = [...rule.tied, ...rule.differs, ...(rule.waiting ? [WAITING, ...rule.waiting.states] : [])];
  return [...new Set([...named, ...[...found.keys()].sort()])];
}

function stateText(state: string, count: StateCount | undefined, { rule, currencies }: TiesTarget): string {
  const rows = `${state} ${count?.rows ?? 0n}`;
  if (count === undefined || rule.tied.includes(state)) return rows;
  const money = [...count.money].sort((a, b) => (a.currency < b.currency ? -1 : 1));
  return `${rows} (${money.map(({ currency, minor }) => formatMoney(minor, currency, currencies)).join(", ")})`;
}

function outcomeOf(target: TiesTarget, answer: { states: readonly TextRow[]; named: readonly TextRow[] }) {
  const { rule } = target;
  const found = byState(answer.states);
  const rowsOf = (states: readonly string[]) => states.reduce((sum, state) => sum + (found.get(state)?.rows ?? 0n), 0n);
  const differing = rowsOf(rule.differs);
  const breakdown = told(rule, found).map((state) => stateText(state, found.get(state), target));
  return {
    differing,
    listed: rowsOf([...found.keys()]) - differing - rowsOf(rule.tied),
    observed: `${breakdown.join(" · ")}${namedKeys(
      answer.named.map((row) => row["named"] ?? NONE),
      differing,
    )}`,
  };
}

/**
 * What two sides say of one thing, by state: a row that differs stops the publication where the rule is no warning; whatever is not
 * tied besides is told with its money. A statement that fails is a gate that could not be told, never an exception.
 */
export async function tiesGate(session: Session, dialect: Dialect, target: TiesTarget): Promise<Gate> {
  const { model, rule } = target;
  const about = { table: model.table, rule: rule.id };
  const severity = gateSeverity(rule.severity);
  const limit = `no row ${rule.differs.join(" or ")}`;
  try {
    const questions = [countStates(dialect, target), nameDiffering(dialect, target)];
    const answer = await ask(session, { dialect, name: `ties.${model.table}#${rule.id}` }, questions);
    const { differing, listed, observed } = outcomeOf(target, { states: answer("states"), named: answer("differing") });
    if (differing > 0n) return severeGate({ name: "ties", severity }, about, { holds: false, observed, limit });
    return severeGate({ name: "ties", severity: listed > 0n ? "warn" : severity }, about, {
      holds: listed === 0n,
      observed,
      limit,
    });
  } catch (error) {
    const observed = messageOf(error).split("\n")[0] ?? "";
    return severeGate({ name: "ties", severity }, about, { holds: null, observed, limit: "must run" });
  }
}
