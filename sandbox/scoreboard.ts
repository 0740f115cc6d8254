import type { Conservation } from "./conservation.ts";
import { FAULT_WORDS } from "./fault-words.ts";
import { FAULT_PLACES, FAULTS, type Fault } from "./faults.ts";
import { wrapped } from "./lines.ts";
import type { UnitName, Units } from "./units.ts";
import { type Waiting, waitingText } from "./waiting.ts";

/** One fault kind: expected, found, not found, and found without being expected. */
export interface ScoreLine {
  readonly fault: Fault;
  readonly planted: number;
  readonly caught: number;
  readonly missed: number;
  readonly false_alarms: number;
}

/** One run of the demo. */
export interface DemoRun {
  readonly hour: number;
  readonly group: string;
  readonly window: string;
  readonly kind: "increment" | "keys" | "full";
  readonly exit_code: number;
  readonly expected_exit_code: number;
  readonly outcome: string;
  readonly run_id: string | null;
  readonly publication_id: string | null;
  readonly note: string | null;
}

/** What `ledgerloop demo --json` prints. */
export interface DemoResult {
  readonly ok: boolean;
  readonly scoreboard: readonly ScoreLine[];
  readonly conservation: Conservation;
  readonly curated: { readonly duplicates: number; readonly orphans: number; readonly differs_from_truth: number };
  /**
   * Comparisons that `reconcile run` made in how many nights, and how many of them were not equal. Rows that differ from their source are units of
   * the scoreboard: some are planted.
   */
  readonly proofs: { readonly nights: number; readonly made: number; readonly not_equal: number };
  readonly waiting: Waiting;
  readonly runs: readonly DemoRun[];
}

/** Compares what was to be found with what was found: caught is both, missed only the first, a false alarm only the second. */
export function score(expected: Units, recorded: Units): ScoreLine[] {
  const count = (units: Units, fault: Fault, counts: (name: UnitName) => boolean) =>
    [...units].filter(([name, of]) => of === fault && counts(name)).length;
  return FAULTS.map((fault) => ({
    fault,
    planted: count(expected, fault, () => true),
    caught: count(expected, fault, (name) => recorded.has(name)),
    missed: count(expected, fault, (name) => !recorded.has(name)),
    false_alarms: count(recorded, fault, (name) => !expected.has(name)),
  }));
}

/** Whether nothing was missed, nothing was invented, and every row and cent is where it should be. */
export function isPerfect(result: Omit<DemoResult, "ok" | "waiting">): boolean {
  const { scoreboard, conservation, curated, proofs, runs } = result;
  return (
    scoreboard.every((line) => line.missed === 0 && line.false_alarms === 0) &&
    conservation.rows_off === 0 &&
    BigInt(conservation.minor_off) === 0n &&
    proofs.made > 0 &&
    proofs.not_equal === 0 &&
    curated.duplicates + curated.orphans + curated.differs_from_truth === 0 &&
    runs.every((run) => run.exit_code === run.expected_exit_code)
  );
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => (row[i] ?? "").length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
}

const LABEL = 14;

/** A line behind a label, broken at 80 columns. */
const labelled = (label: string, text: string) => wrapped(`${label.padEnd(LABEL)}${text}`, LABEL);

const NAME = Math.max(...FAULTS.map(({ length }) => length));

/** Whether anything of a kind was planted or found. */
const isSeen = ({ planted, false_alarms }: ScoreLine) => planted + false_alarms > 0;

/** Rows of kinds of which something was planted or found, by where they are, and their sums. */
function scoreRows(scoreboard: readonly ScoreLine[]): (readonly string[])[] {
  const numbers = (lines: readonly ScoreLine[]) =>
    (["planted", "caught", "missed", "false_alarms"] as const).map((name) =>
      String(lines.reduce((sum, line) => sum + line[name], 0)),
    );
  const seen = scoreboard.filter(isSeen);
  const rows = FAULT_PLACES.flatMap(({ where, faults }) => {
    const own = seen.filter(({ fault }) => faults.some((one) => one === fault));
    const told = own.map((line) => [`  ${line.fault.padEnd(NAME)}  ${FAULT_WORDS[line.fault]}`, ...numbers([line])]);
    return own.length === 0 ? [] : [[where, "", "", "", ""], ...told];
  });
  return [["fault", "planted", "caught", "missed", "false"], ...rows, [`total of ${seen.length} kinds`, ...numbers(seen)]];
}

/** The scoreboard as plain text of 80 columns. */
export function renderScoreboard(result: DemoResult): string {
  const { scoreboard, conservation, curated, proofs, waiting, runs } = result;
  const published = runs.filter((run) => run.outcome === "published").length;
  const unexpected = runs.filter((run) => run.exit_code !== run.expected_exit_code).length;
  const unseen = scoreboard.filter((line) => !isSeen(line) && line.fault !== "other").map(({ fault }) => fault);
  return [
    ...aligned(scoreRows(scoreboard)),
    ...(unseen.length === 0 ? [] : [wrapped(`not planted in these hours: ${unseen.join(", ")}`, 2)]),
    "",
    labelled("runs", `${runs.length}, of which ${published} published; ${unexpected} with an exit code that was not expected`),
    labelled(
      "identities",
      `what came in is what was published, waits or was counted as a copy: ${conservation.rows_off} rows and ${conservation.minor_off} minor units off`,
    ),
    labelled(
      "curated",
      `differs from the truth by ${curated.differs_from_truth} rows; ${curated.duplicates} duplicates, ${curated.orphans} orphans`,
    ),
    labelled(
      "proofs",
      `${proofs.made} comparisons in ${proofs.nights} nights, of feeds with their sources, tables with their models, systems with one another and all with the ledger; ${proofs.not_equal} not equal but for what stands above as clock_back, untied, payout_short and hands`,
    ),
    labelled("waiting", `${waitingText(waiting)}, until somebody decides or what they need comes`),
    labelled("result", result.ok ? "ok: everything planted was found, and nothing else" : "NOT OK"),
    "",
  ].join("\n");
}
