import type { BreakRow } from "../proofs/break-rows.ts";
import { HISTORY_COMPARES } from "./history.ts";
import type { Proof } from "./proof.ts";
import { STOCK_COMPARES } from "./stock.ts";

/**
 * What a break is; each is of the first class that fits (docs/reconciliation.md). `waiting_differs`: a row of its key waits, with other content.
 * `missing_in_warehouse`, `missing_at_source`: one side has no row; `missing_on_a_side`: of a tie. `amount`, `currency`, `attribute`: both have, with other money, another
 * currency, other values. `duplicate`: live more than once, or several rows at the source. `tampered`: what stands beside a row is not what the row gives. `model`: a curated row
 * is not what its model gives. `history`: replaced rows are not what they were. `unexplained`: what has no key.
 */
export const BREAK_CLASSES = [
  "waiting_differs",
  "missing_in_warehouse",
  "missing_at_source",
  "missing_on_a_side",
  "amount",
  "currency",
  "attribute",
  "duplicate",
  "tampered",
  "model",
  "history",
  "unexplained",
] as const;

export type BreakClass = (typeof BREAK_CLASSES)[number];

function differingClass({ sourceMoney, liveMoney }: BreakRow): BreakClass {
  if (sourceMoney?.minor !== liveMoney?.minor) return "amount";
  return sourceMoney?.currency === liveMoney?.currency ? "attribute" : "currency";
}

function classAtSource(row: BreakRow): BreakClass {
  switch (row.why) {
    case "waits_otherwise":
      return "waiting_differs";
    case "missing":
      return "missing_in_warehouse";
    case "gone":
    case "unlanded":
      return "missing_at_source";
    case "copy":
    case "further":
      return "duplicate";
    case "differs":
      return differingClass(row);
    case "altered":
      return "tampered";
    case null:
      return "unexplained";
  }
}

/** What became of a key of a tie says what its break is; what is tied is none. */
function classOfTie({ tie }: BreakRow): BreakClass {
  switch (tie) {
    case "duplicate":
    case "currency":
    case "amount":
      return tie;
    case "missing":
      return "missing_on_a_side";
    default:
      return "unexplained";
  }
}

/** The class of a break of a comparison. */
export function breakClass({ leg, compares }: Pick<Proof, "leg" | "compares">, row: BreakRow): BreakClass {
  if (leg === "R1") return classAtSource(row);
  if (leg === "R2") return "model";
  if (leg === "R3") return classOfTie(row);
  if (compares === HISTORY_COMPARES) return "history";
  return compares === STOCK_COMPARES ? "unexplained" : "tampered";
}
