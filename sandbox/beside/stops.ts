import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import type { ProductRun } from "../product.ts";
import { gateUnit, type UnitName } from "../units.ts";

/** Gates of a system's feeds that stopped a run: none should. */
export function stopUnits(run: string, { report }: ProductRun, feeds: readonly FeedId[]): (readonly [UnitName, Fault])[] {
  const failed = (report?.gates ?? []).filter(
    ({ feed, verdict }) => feeds.includes(feed ?? "") && (verdict === "fail" || verdict === "error"),
  );
  return failed.map(({ gate }) => [gateUnit(run, gate), "other"]);
}
