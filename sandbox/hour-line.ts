import type { GateReport, RunReport } from "../src/projector/run-report.ts";
import { isFailed } from "./beside/stops.ts";
import { wrapped } from "./lines.ts";
import type { Night } from "./proving.ts";
import type { DemoRun } from "./scoreboard.ts";

/** Where the text of an hour begins. */
const INDENT = 9;

const systemOf = (feed: string) => feed.split(".")[0] ?? feed;

/** Rows that are new or other than before, by the system that they came from. */
function cameText(feeds: RunReport["feeds"]): string {
  const came = new Map<string, number>();
  for (const { feed, inserted, updated } of feeds) {
    const system = systemOf(feed);
    came.set(system, (came.get(system) ?? 0) + Number(inserted) + Number(updated));
  }
  const told = [...came].filter(([, rows]) => rows > 0).map(([system, rows]) => `${system} ${rows}`);
  return told.length === 0 ? "nothing new" : told.join(", ");
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

/** How old what stands of a feed is, as the run tells it. */
const ageIn = ({ observed }: GateReport) => /, (?:0 h )?([^,]+) before the end of the window$/.exec(observed)?.[1];

/** Feeds that a run went on without, with how old their rows are, or that they were stopped: one by its name, several of a system by the system's. */
function leftOutText(gates: readonly GateReport[]): string[] {
  const stale = gates.filter(({ name, verdict }) => name === "stale" && verdict === "warn");
  const isStopped = ({ feed }: GateReport) => gates.some((gate) => gate.name === "left_out" && gate.feed === feed);
  const systems = [...new Set(stale.map(({ feed }) => systemOf(feed ?? "")))];
  const told = systems.map((system) => {
    const own = stale.filter(({ feed }) => systemOf(feed ?? "") === system);
    const age = own.map(ageIn).find((text) => text !== undefined);
    const why = own.every(isStopped) ? " (too much of it is bad)" : age === undefined ? "" : ` (${age} old)`;
    return `${own.length === 1 ? own[0]?.feed : system}${why}`;
  });
  return told.length === 0 ? [] : [`without ${told.join(", ")}`];
}

/** Why a gate stops a run, of those that the company's faults meet. */
const STOPS: Readonly<Partial<Record<GateReport["name"], (of: string) => string>>> = {
  drift: (of) => `columns of ${of} have another type`,
  vanished_share: (of) => `too many rows of ${of} are gone`,
  duplicate_source_keys: (of) => `${of} has rows twice`,
  missing_keys: (of) => `${of} has rows that hours before did not bring`,
};

const stopText = ({ name, feed, gate }: GateReport) => (feed === null ? gate : (STOPS[name]?.(feed) ?? gate));

const KINDS: Readonly<Record<DemoRun["kind"], string>> = { increment: "", keys: "all keys listed: ", full: "all read again: " };

function detailOf(run: DemoRun, report: RunReport | null): string[] {
  if (report === null) return ["no report"];
  const failed = report.gates.filter(isFailed);
  if (failed.length > 0) return [`nothing published: ${failed.map(stopText).join(", ")}`];
  const came = `${KINDS[run.kind]}${cameText(report.feeds)}`;
  const details = [came, ...waitingText(report.feeds), ...leftOutText(report.gates)];
  return report.outcome === "published" ? details : [report.outcome, ...details];
}

/** What is known of an hour beside its run. */
interface Beside {
  /** Rows of curated tables that show systems which do not agree, after it. */
  readonly disagreeing: number;
  /** How far the demo is. */
  readonly progress: string;
}

/**
 * What became of an hour's run, in as few lines of 80 columns as it needs: rows that came, by system; what was set aside; what it
 * went on without or was stopped by; and how many rows show two systems that do not agree.
 */
export function hourLine(run: DemoRun, report: RunReport | null, { disagreeing, progress }: Beside): string {
  const apart = disagreeing > 0 ? [disagreeing === 1 ? "1 row disagrees" : `${disagreeing} rows disagree`] : [];
  const wrong = run.exit_code === run.expected_exit_code ? [] : [`EXPECTED EXIT ${run.expected_exit_code}`];
  const parts = [...detailOf(run, report), ...apart, ...(run.note === null ? [] : [run.note]), ...wrong];
  const hour = `hour ${String(run.hour).padStart(2)}`;
  return wrapped(`${hour}  ${parts.join("; ")} [${progress}]`, INDENT);
}

/** What a night's comparisons came to. */
export function nightLine({ made, open }: Night): string {
  const told =
    open.size === 0 ? "all is equal" : `${open.size} rows or sums are not equal, each named by its key, and counted at the end`;
  return wrapped(
    `${"night".padEnd(INDENT)}${made} comparisons with the sources, the models, the ledger and between systems: ${told}`,
    INDENT,
  );
}
