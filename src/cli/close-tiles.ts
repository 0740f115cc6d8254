import type { Pipeline } from "../config/pipeline.ts";
import { type CloseReport, proofCounts, unaccepted } from "../documents/close-report.ts";
import { formatMoneyList, sumByCurrency } from "../documents/money.ts";
import { DAY_MS, minuteOf } from "../kernel/clock.ts";
import type { KeyMoney, Term } from "../proofs/terms.ts";
import { openMoney } from "./breaks-text.ts";
import { escaped } from "./markup.ts";

interface Tile {
  readonly look: "good" | "warn" | "bad";
  readonly figure: string;
  readonly of: string;
  readonly more: string;
  /** What of it is in the way, as it is said in a sentence; absent for what the figure says, null for nothing. */
  readonly way?: string | null;
}

const tile = ({ look, figure, of, more }: Tile) =>
  `<div class="tile ${look}"><b>${escaped(figure)}</b>${escaped(of)}<br><span class="dim">${escaped(more)}</span></div>`;

/** Rows of some lines. */
export const rowsOf = (lines: readonly { readonly rows: bigint }[]) => lines.reduce((sum, { rows }) => sum + rows, 0n);

/** Money of some lines by currency, for people. */
export function moneyOf(lines: readonly KeyMoney[], { currencies }: Pipeline): string {
  return formatMoneyList(new Map([...sumByCurrency(lines)].toSorted()), currencies);
}

function breaksTile(report: CloseReport, pipeline: Pipeline): Tile {
  const open = unaccepted(report);
  const accepted = report.breaks.length - open.length;
  const of = `open breaks${accepted > 0 ? `, and ${accepted} accepted` : ""}`;
  if (open.length === 0) return { look: "good", figure: "0", of, more: "nothing differs that nobody has accepted" };
  const money = openMoney(pipeline, open).join(", ");
  return { look: "bad", figure: String(open.length), of, more: `source less published: ${money || "no money"}` };
}

function waitingTile({ waiting }: CloseReport, pipeline: Pipeline): Tile {
  const old = waiting.filter(({ age }) => age === "month" || age === "older");
  const look = old.length > 0 ? "bad" : waiting.length > 0 ? "warn" : "good";
  const of = `rows wait, ${rowsOf(old)} of them for more than a week`;
  return { look, figure: String(rowsOf(waiting)), of, more: moneyOf(waiting, pipeline) || "no money" };
}

function comparisonsTile(report: CloseReport): Tile {
  const { proofs } = report;
  const { equal, different, notProven } = proofCounts(proofs);
  const look = different > 0 ? "bad" : notProven > 0 ? "warn" : "good";
  const figure = `${equal} of ${proofs.length}`;
  // What differs and was accepted is in nobody's way.
  const isAccepted = notProven === 0 && unaccepted(report).length === 0;
  const way = isAccepted ? null : `${different + notProven} of ${proofs.length} comparisons are not equal`;
  return { look, figure, of: "comparisons are equal", more: `${different} differ, ${notProven} not proven`, way };
}

function oldestTile({ proofs }: CloseReport): Tile {
  const { never, oldest } = proofCounts(proofs);
  if (oldest === null) {
    const of = `something of ${never} comparisons was never made`;
    return { look: "warn", figure: "never", of, more: "next: ledgerloop reconcile run", way: of };
  }
  const of = "the day of the oldest comparison that all this rests on";
  return { look: "good", figure: oldest.slice(0, 10), of, more: "everything was compared then or later, as it was published" };
}

/** As of when figures are: those of the source that is behind the others are bad once they are older than a day. */
function datesTile({ asOf, now }: CloseReport): Tile[] {
  const known = asOf.sources.flatMap(({ source, as_of: at }) => (at === null ? [] : [{ source, at }]));
  const [oldest] = known.toSorted((a, b) => (a.at < b.at ? -1 : 1));
  if (!oldest) return [];
  const isOld = now.getTime() - Date.parse(oldest.at) > DAY_MS;
  const unknown = asOf.sources.filter((one) => one.as_of === null).map(({ source }) => `${source} unknown`);
  const each = known.map(({ source, at }) => `${source} ${minuteOf(at)}`);
  return [
    {
      look: isOld ? "bad" : unknown.length > 0 ? "warn" : "good",
      figure: oldest.at.slice(0, 10),
      of: `as of when the oldest figures are, those of ${oldest.source}`,
      more: [...each, ...unknown].join("; "),
      way: `the oldest figures, those of ${oldest.source}, are as of ${oldest.at.slice(0, 10)}`,
    },
  ];
}

/** Terms of published rows that their source has no more. */
const OUTDATED: ReadonlySet<Term> = new Set(["stale", "delete_pending"]);

/** Published rows that their source has no more, or has newer ones of that wait: they are in every total. */
function outdatedTile({ equations }: CloseReport, pipeline: Pipeline): Tile[] {
  const own = equations.flatMap(({ terms }) => terms.filter(({ term }) => OUTDATED.has(term)));
  const rows = own.reduce((sum, { liveRows }) => sum + liveRows, 0n);
  if (rows === 0n) return [];
  const money = moneyOf(
    own.map(({ currency, liveMinor: minor }) => ({ currency, minor })),
    pipeline,
  );
  const of =
    "published rows that their source had no more when it was compared whole last, or of which a newer version waited; totals have them";
  return [{ look: "warn", figure: String(rows), of, more: money || "no money" }];
}

function tiesTile({ ties }: CloseReport, pipeline: Pipeline): Tile[] {
  const all = pipeline.ties.size;
  if (all === 0) return [];
  const count = (result: string) => ties.filter((tie) => tie.result === result).length;
  const [equal, different] = [count("equal"), count("different")];
  const look = different > 0 ? "bad" : equal < all ? "warn" : "good";
  const more = `${different} do not, ${all - equal - different} could not be looked at`;
  const way = `${all - equal} of ${all} ties between systems do not hold, or could not be looked at`;
  return [{ look, figure: `${equal} of ${all}`, of: "ties between systems hold", more, way }];
}

/** What stands in the way of a close, in one sentence and in a few figures. */
export function closeTiles(report: CloseReport, pipeline: Pipeline): string {
  const all = [
    ...[breaksTile(report, pipeline), waitingTile(report, pipeline), ...outdatedTile(report, pipeline)],
    ...[...tiesTile(report, pipeline), comparisonsTile(report), ...datesTile(report), oldestTile(report)],
  ];
  const month = report.period.from.slice(0, 7);
  const inTheWay = all
    .filter(({ look, way }) => look !== "good" && way !== null)
    .map(({ figure, of, way }) => way ?? `${figure} ${of}`);
  const verdict =
    inTheWay.length === 0
      ? `Nothing that was compared stands in the way of closing ${month}.`
      : `In the way of closing ${month}: ${inTheWay.join("; ")}.`;
  return `<p>${escaped(verdict)}</p>\n<div class="tiles">\n${all.map(tile).join("\n")}\n</div>`;
}
