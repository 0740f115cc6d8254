import type { Contract } from "../contract/contract.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { asWarning } from "../kernel/problem.ts";
import { namesMadeOf } from "../sql/select-columns.ts";
import type { Assembly } from "./assembly.ts";
import type { Feed, Model } from "./pipeline.ts";
import { inconsistent } from "./problems.ts";

const personalOf = (contract: Pick<Contract, "columns" | "derived">) =>
  stagedColumns(contract).flatMap(({ name, pii }) => (pii ? [name.toLowerCase()] : []));

/**
 * Models in the order of what they read, with columns masked that are made of personal ones of what they read, where their contract does not
 * classify them; it may say otherwise. Each is warned of.
 */
export function withPersonalColumns(
  models: ReadonlyMap<string, Model>,
  feeds: ReadonlyMap<string, Feed>,
  { warnings }: Pick<Assembly, "warnings">,
): Map<string, Model> {
  const masked = new Map<string, Model>();
  for (const [table, model] of models) {
    const inputs = model.touches.flatMap((touch) => ("feed" in touch ? feeds.get(touch.feed) : masked.get(touch.table)) ?? []);
    const personal = namesMadeOf(model.select, new Set(inputs.flatMap(({ contract }) => personalOf(contract))));
    const columns = model.contract.columns.map((column) => {
      if (column.pii || column.classification !== undefined || !personal.has(column.name.toLowerCase())) return column;
      const says = `"${column.name}" of ${table} may be made of what is personal in what its model reads, and is masked`;
      const next = "add classification: pii, or another one, such as internal, where it shows nothing personal";
      warnings.push(asWarning(inconsistent(column.at, says, next)));
      return { ...column, pii: true };
    });
    masked.set(table, { ...model, contract: { ...model.contract, columns } });
  }
  return masked;
}
