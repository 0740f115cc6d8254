import type { Contract } from "../contract/contract.ts";
import { sealContract } from "../contract/parse-contract.ts";
import { sealRule } from "../contract/rule-draft.ts";
import type { Feed } from "./pipeline.ts";
import type { LandedMeta } from "./source-kind.ts";

/** All columns about a record that a feed can land, in the order of docs/landed-text.md. */
const ORDER: readonly LandedMeta[] = ["_scope", "_order", "_fault", "_payload", "_unconverted"];

/** The columns about records that a feed lands, in the order in which they stand between `_position` and the contract's. */
export function landedMeta({ lands, scoped }: Pick<Feed, "lands" | "scoped">): LandedMeta[] {
  return ORDER.filter((name) => (name === "_scope" ? scoped : lands.includes(name)));
}

/** Whether later parts of a feed win over earlier ones, whichever came first: its rows then say where their part stands. */
export function isOrdered({ lands }: Pick<Feed, "lands">): boolean {
  return lands.includes("_order");
}

/** The id of the rule that a record breaks which could not be read. */
export const RECORD_RULE = "record";

/** A record that could not be read waits for somebody, whether or not the contract says so. */
export function withRecord(contract: Contract, lands: readonly LandedMeta[]): Contract {
  if (!lands.includes("_fault")) return contract;
  const rule = sealRule({
    id: RECORD_RULE,
    kind: "record",
    columns: [],
    severity: "quarantine",
    nulls: "pass",
    owner: contract.owner,
  });
  return sealContract({ ...contract, rules: [...contract.rules, rule] });
}
