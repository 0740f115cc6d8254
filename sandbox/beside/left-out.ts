import type { GateReport } from "../../src/projector/run-report.ts";
import { HOUR_MS } from "../cast/hours.ts";
import type { Fault } from "../faults.ts";
import type { FeedId } from "../feed.ts";
import type { ProductRun } from "../product.ts";
import { runUnit } from "../units.ts";
import type { Unit } from "./beside.ts";

/** Longer than anybody waits for a system that is away. */
export const AWAY_SECONDS = 3600;

/** A feed that a run goes on without, and of which it says how old it is. */
export function leftOutUnit(run: string, feed: FeedId, fault: Fault): Unit {
  return [runUnit(run, `${feed} left out, and its age told`), fault];
}

/** How long before an instant another one was, as an age is told. */
function ageBefore(end: string, at: Date): string {
  const hours = (Date.parse(end) - at.getTime()) / HOUR_MS;
  return `${Math.floor(hours)} h ${Math.round((hours % 1) * 60)} min`;
}

/** Feeds that a run went on without, and of which it says why and how old they are; `readAt` has when each was last read. */
export function leftOutFeeds(
  readAt: ReadonlyMap<FeedId, Date>,
  { report }: Pick<ProductRun, "report">,
  { end }: { readonly end: string },
): FeedId[] {
  const gates: readonly GateReport[] = report?.gates ?? [];
  return [...readAt].flatMap(([feed, at]) => {
    const own = gates.filter((gate) => gate.feed === feed && gate.verdict === "warn");
    const told = `as of ${at.toISOString().replace(".000Z", "Z")}, ${ageBefore(end, at)} before the end of the window`;
    const isTold =
      own.some(({ name }) => name === "source") && own.some((gate) => gate.name === "stale" && gate.observed.endsWith(told));
    return isTold ? [feed] : [];
  });
}
