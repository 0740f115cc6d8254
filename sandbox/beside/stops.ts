import type { Fault } from "../faults.ts";
import type { ProductRun } from "../product.ts";
import { gateUnit, type UnitName } from "../units.ts";

/** Gates that stopped a run of a system beside the books: none should. */
export function stopUnits(run: string, { report }: ProductRun): (readonly [UnitName, Fault])[] {
  const failed = (report?.gates ?? []).filter(({ verdict }) => verdict === "fail" || verdict === "error");
  return failed.map(({ gate }) => [gateUnit(run, gate), "other"]);
}
