import type { GateReport, RunReport } from "../src/projector/run-report.ts";
import { isFailed } from "./beside/stops.ts";
import type { DemoRun } from "./scoreboard.ts";

/** Rows that are new or other than before, by the system that they came from. */
function cameText(feeds: RunReport["feeds"]): string {
  const came = new Map<string, number>();
  for (const { feed, inserted, updated } of feeds) {
    const system = feed.split(".")[0] ?? feed;
    came.set(system, (came.get(system) ?? 0) + Number(inserted) + Number(updated));
  }
  const told = [...came].filter(([, rows]) => rows > 0).map(([system, rows]) => `${system} ${rows}`);
  return told.length === 0 ? "nothing new" : `rows of ${told.join(", ")}`;
}

/** Rows that were set aside. */
function waitingText(feeds: RunReport["feeds"]): string[] {
  const sum = (name: "newly_quarantined" | "newly_held") => feeds.reduce((total, feed) => total + Number(feed[name]), 0);
  const counts = [
    [sum("newly_quarantined"), "quarantined"],
    [sum("newly_held"), "held"],
  ] as const;
  const told = counts.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  return told.length === 0 ? [] : [told.join(", ")];
}

/** Feeds that a run went on without, and as of when their rows are. */
function leftOutText(gates: readonly GateReport[]): string[] {
  const stale = gates.filter(({ name, verdict }) => name === "stale" && verdict === "warn");
  if (stale.length === 0) return [];
  const instants = new Set(stale.map(({ observed }) => /as of [^,]+/.exec(observed)?.[0] ?? "never published"));
  return [`without ${stale.map(({ feed }) => feed).join(", ")} ${[...instants].join(", ")}`];
}

function detailOf(report: RunReport | null): string {
  if (report === null) return "no report";
  const failed = report.gates.filter(isFailed);
  if (failed.length > 0) return `stopped by ${failed.map(({ gate }) => gate).join(", ")}`;
  return [cameText(report.feeds), ...waitingText(report.feeds), ...leftOutText(report.gates)].join("; ");
}

/** One line of what became of an hour's run: what came from where, what was set aside, what stopped it. */
export function hourLine(run: DemoRun, report: RunReport | null): string {
  const wrong = run.exit_code === run.expected_exit_code ? "" : ` — EXPECTED EXIT ${run.expected_exit_code}`;
  const note = run.note === null ? "" : `; ${run.note}`;
  return `hour ${String(run.hour).padStart(2)}  ${run.kind.padEnd(9)}  ${run.outcome.padEnd(9)}  ${detailOf(report)}${note}${wrong}`;
}
