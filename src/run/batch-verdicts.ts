import { batchRules, type RuleTarget, satisfies } from "../checks/batch-rules.ts";
import { type FeedBatch, ORIGIN } from "../checks/label.ts";
import { rowNumber } from "../checks/match.ts";
import { isClass, STANDS } from "../checks/row-class.ts";
import type { CheckPlan } from "../contract/check-plan.ts";
import { messageOf } from "../kernel/problem.ts";
import type { GateOutcome } from "../publish/gate.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { workTable } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";

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

/** Typed rows of a batch: all extracted ones for row counts, else those that are good. */
function target(dialect: Dialect, input: FeedBatch, rule: BatchRule): RuleTarget {
  const names = columns(
    dialect,
    "l",
    input.feed.contract.columns.map((c) => c.name),
  );
  const where =
    rule.kind === "row_count" ? `l._origin = ${ORIGIN.batch}` : isClass(dialect, "COALESCE(v._class, 'inserted')", STANDS);
  return {
    relation: `(SELECT ${names} FROM ${workTable(dialect, "label", input.feed)} l
  LEFT JOIN ${workTable(dialect, "verdict", input.feed)} v ON v._row = ${rowNumber(dialect, "l")} WHERE ${where})`,
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

/** Whether a rule holds, with what was seen and what was allowed. */
export function outcomeOf({ rule, holds, observed, reason }: BatchRuleOutcome): GateOutcome {
  if (holds === null) return { holds, observed: reason ?? "", limit: "must run" };
  const limit = "operator" in rule ? `${rule.operator.name} ${rule.operator.operands.join(", ")}` : "equal sums";
  return { holds, observed: observed ?? "", limit };
}
