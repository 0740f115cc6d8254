import type { GateReport } from "../../src/projector/run-report.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import type { ProductRun } from "../product.ts";
import { gateUnit, type UnitName } from "../units.ts";

/** Whether a gate stops what it is of. */
export function isFailed({ verdict }: Pick<GateReport, "verdict">): boolean {
  return verdict === "fail" || verdict === "error";
}

/** Gates of a system's feeds that stopped a run: none should. */
export function stopUnits(run: string, { report }: ProductRun, feeds: readonly FeedId[]): (readonly [UnitName, Fault])[] {
  const failed = (report?.gates ?? []).filter((gate) => feeds.includes(gate.feed ?? "") && isFailed(gate));
  return failed.map(({ gate }) => [gateUnit(run, gate), "other"]);
}
