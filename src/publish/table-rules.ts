import { evaluateRule } from "../checks/batch-verdicts.ts";
import type { Model } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { curatedRows } from "../warehouse/relations.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Gate, gateSeverity, severeGate } from "./gate.ts";
import { outcomeOf } from "./rule-verdicts.ts";

/** Rules of a curated contract over the whole table as it would be published, evaluated inside the transaction; `only`: those rules alone. */
export async function tableRuleGates(
  session: Session,
  dialect: Dialect,
  { model, only }: { model: Model; only: ReadonlySet<string> | null },
): Promise<Gate[]> {
  const gates: Gate[] = [];
  const live = `(SELECT * FROM ${curatedRows(dialect, model)} c WHERE c.${dialect.identifier("deleted_at")} IS NULL)`;
  for (const rule of planChecks(model.contract).batch.filter(({ id }) => only?.has(id) ?? true)) {
    const target = { relation: live, columns: model.contract.columns, name: model.table };
    const outcome = await evaluateRule(session, dialect, { rule, target });
    const severity = gateSeverity(rule.severity);
    gates.push(severeGate({ name: "curated_rule", severity }, { table: model.table, rule: rule.id }, outcomeOf(outcome)));
    // An engine may abort the transaction on the first failed statement: nothing after it would be an answer.
    if (outcome.holds === null) break;
  }
  return gates;
}
