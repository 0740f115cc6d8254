import type { Model } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import type { Gate } from "../publish/gates.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { evaluateRule, outcomeVerdict } from "./batch-verdicts.ts";

/** Rules of a curated contract over the whole table as it would be published, evaluated inside the transaction. */
export async function tableRuleGates(session: Session, dialect: Dialect, model: Model): Promise<Gate[]> {
  const gates: Gate[] = [];
  const live = `(SELECT * FROM ${dialect.table("curated", model.table)} c WHERE c.${dialect.identifier("deleted_at")} IS NULL)`;
  for (const rule of planChecks(model.contract).batch) {
    const target = { relation: live, columns: model.contract.columns, name: model.table };
    const outcome = await evaluateRule(session, dialect, { rule, target });
    const found = outcomeVerdict(outcome);
    const verdict = found.verdict === "error" && rule.severity === "warn" ? "warn" : found.verdict;
    gates.push({ gate: `curated_rule/${model.table}/${rule.id}`, ...found, verdict });
    // An engine may abort the transaction on the first failed statement: nothing after it would be an answer.
    if (outcome.holds === null) break;
  }
  return gates;
}
