import type { Pipeline } from "../config/pipeline.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { noNfc } from "./problems.ts";

/** Rules of a pipeline that its warehouse cannot judge as they are written: it does not compose characters. None is left out silently. */
export function cannotCompose({ can, name }: Pick<Dialect, "can" | "name">, { feeds, models }: Pipeline): Problem[] {
  if (can.nfc !== null) return [];
  const contracts = new Map([...feeds.values(), ...models.values()].map(({ contract }) => [contract.id, contract]));
  return [...contracts.values()].flatMap(({ rules }) =>
    rules.flatMap((rule) =>
      rule.kind === "unique" && rule.normalise?.forms.includes("nfc") ? [noNfc(rule.at, { rule: rule.id, warehouse: name })] : [],
    ),
  );
}
