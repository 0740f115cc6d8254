import { rowDifferences, waitDifferences } from "../beside/differing.ts";
import type { Mirror } from "../beside/mirror.ts";
import type { Difference } from "../difference.ts";
import type { AccountState } from "./expectation.ts";

/** Everything in which the warehouse is not what the account says, row by row. */
export function accountDifferences(state: AccountState, published: Mirror): Difference[] {
  return [...rowDifferences(state.rows, published), ...waitDifferences("stripe", state.waiting, published)];
}
