import { countBreaking, type JudgedTable, keyRules, parseBreaking } from "../checks/curated-rules.ts";
import type { Model, Pipeline } from "../config/pipeline.ts";
import { curatedLedger, parseCuratedLedger } from "../ledger/curated-findings.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import { rowsName } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { changedRules } from "./findings.ts";
import { type GateSeverity, gateSeverity } from "./gate.ts";
import { parentsOf } from "./write-models.ts";

/** A rule of a curated table that it was not judged by as the rule is now, and how many of its live rows break it. */
export interface NewCuratedRule {
  readonly table: string;
  readonly rule: string;
  /** Whether the next run stops at such rows. */
  readonly severity: GateSeverity;
  readonly publishedBreaking: bigint;
}

/** Columns of curated tables, in lower case. */
async function publishedColumns(session: Session, dialect: Dialect): Promise<Map<string, Set<string>>> {
  const found = new Map<string, Set<string>>();
  for (const row of await session.rows({ name: "plan.curated-columns", sql: dialect.columnsOf(["curated"]) })) {
    const table = row["table_name"] ?? "";
    found.set(table, (found.get(table) ?? new Set()).add(row["column_name"] ?? ""));
  }
  return found;
}

/** The same dialect, in which the columns that a table is still to get are NULL in it. */
function withColumnsToCome(dialect: Dialect, model: Model, there: ReadonlySet<string>): Dialect {
  const missing = model.contract.columns.filter(({ name }) => !there.has(name.toLowerCase()));
  if (missing.length === 0) return dialect;
  const rows = rowsName("curated", model.table);
  const nulls = missing.map((c) => `CAST(NULL AS ${dialect.columnType(c.type)}) AS ${dialect.identifier(c.name)}`);
  const all = `(SELECT r.*, ${nulls.join(", ")} FROM ${dialect.table("curated", rows)} r)`;
  return { ...dialect, table: (schema, name) => (schema === "curated" && name === rows ? all : dialect.table(schema, name)) };
}

/**
 * How many live rows of curated tables break rules that the last publication did not judge them by. The next run judges whole tables by
 * them, and stops where such a rule is no warning.
 */
export async function newCuratedRules(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<NewCuratedRule[]> {
  const there = await publishedColumns(session, dialect);
  const columnsOf = ({ table }: Model) => there.get(rowsName("curated", table).toLowerCase());
  const models = [...pipeline.models.values()].filter((model) => columnsOf(model) !== undefined);
  const tables = models.map(({ table }) => table);
  const ledger = parseCuratedLedger(await ask(session, { dialect, name: "plan.judged" }, curatedLedger(dialect, tables)));
  const found: NewCuratedRule[] = [];
  for (const model of models) {
    const changed = changedRules(model, ledger);
    const rules = keyRules(model).filter(({ id }) => changed.has(id));
    if (rules.length === 0) continue;
    const table: JudgedTable = { model, parent: parentsOf(pipeline), writtenBy: null };
    const question = countBreaking(withColumnsToCome(dialect, model, columnsOf(model) ?? new Set()), table, rules);
    const answer = await ask(session, { dialect, name: "plan.curated-breaking" }, [question]);
    const counts = parseBreaking(rules, answer(question.name)[0]);
    for (const rule of rules) {
      const publishedBreaking = counts.get(rule.id) ?? 0n;
      found.push({ table: model.table, rule: rule.id, severity: gateSeverity(rule.severity), publishedBreaking });
    }
  }
  return found;
}
