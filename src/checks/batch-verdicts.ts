import type { CheckPlan } from "../contract/check-plan.ts";
import { messageOf } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { rowNumber, workTable } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { batchRules, type RuleTarget, satisfies } from "./batch-rules.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { isClass, STANDS } from "./row-class.ts";

type BatchRule = CheckPlan["batch"][number];

/** The outcome of one rule over a whole batch or table. */
export interface BatchRuleOutcome {
  readonly rule: BatchRule;
  /** Null when the rule could not be decided; `reason` says why. */
  readonly holds: boolean | null;
  readonly observed: string | null;
  readonly reason: string | null;
}

const EQUAL_SUMS = { name: "mustBe", operands: ["0"] } as const;

/** Rules of which the rows are all extracted ones. */
const OF_ALL: readonly BatchRule["kind"][] = ["row_count", "sql"];

/** Typed rows of a batch: all extracted ones for counts and queries, which may ask for the good ones too; else those that are good. */
function target(dialect: Dialect, input: FeedBatch, rule: BatchRule): RuleTarget {
  const names = columns(
    dialect,
    "l",
    input.feed.contract.columns.map((c) => c.name),
  );
  const rows = (where: string) => `(SELECT ${names} FROM ${workTable(dialect, "label", input.feed)} l
  LEFT JOIN ${workTable(dialect, "verdict", input.feed)} v ON v._row = ${rowNumber(dialect, "l")} WHERE ${where})`;
  const good = rows(isClass(dialect, "COALESCE(v._class, 'inserted')", STANDS));
  return {
    relation: OF_ALL.includes(rule.kind) ? rows(`l._origin = ${ORIGIN.batch}`) : good,
    good,
    columns: input.feed.contract.columns,
    name: input.feed.id,
  };
}

/** Evaluates one rule; a statement that fails is an outcome of `error`, never an exception. */
export async function evaluateRule(
  session: Session,
  dialect: Dialect,
  options: { rule: BatchRule; target: RuleTarget },
): Promise<BatchRuleOutcome> {
  const { rule } = options;
  try {
    const [row] = await session.rows(batchRules(dialect, [rule], options.target));
    const observed = row?.["observed"] ?? null;
    const operator = rule.kind === "sum_equals" ? EQUAL_SUMS : rule.operator;
    const holds = satisfies(operator, observed);
    return { rule, holds, observed, reason: holds === null ? "its value is NULL or not a number" : null };
  } catch (error) {
    return { rule, holds: null, observed: null, reason: messageOf(error).split("\n")[0] ?? "" };
  }
}

/** All batch rules of a feed, one by one: each is one scalar over work tables, and one that fails leaves the others alone. */
export async function judgeBatchRules(session: Session, dialect: Dialect, input: FeedBatch): Promise<BatchRuleOutcome[]> {
  const outcomes: BatchRuleOutcome[] = [];
  if (input.batchId === null) return outcomes;
  for (const rule of input.plan.batch)
    outcomes.push(await evaluateRule(session, dialect, { rule, target: target(dialect, input, rule) }));
  return outcomes;
}
