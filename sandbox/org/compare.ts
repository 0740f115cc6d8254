import { rowDifferences, waitDifferences } from "../beside/differing.ts";
import type { Mirror } from "../beside/mirror.ts";
import type { Difference } from "../difference.ts";
import type { OrgState } from "./expectation.ts";

/** Everything in which the warehouse is not what the org says, row by row. */
export function orgDifferences(state: OrgState, published: Mirror): Difference[] {
  return [...rowDifferences(state.rows, published), ...waitDifferences("salesforce", state.waiting, published)];
}
