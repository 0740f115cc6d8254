import type { Pipeline } from "../config/pipeline.ts";
import { type CloseReport, proofCounts, unaccepted } from "../documents/close-report.ts";
import { formatMoneyList, sumByCurrency } from "../documents/money.ts";
import type { AgedLine } from "../quarantine/waiting-ages.ts";
import { openMoney } from "./breaks-text.ts";
import { escaped } from "./markup.ts";

interface Tile {
  readonly look: "good" | "warn" | "bad";
  readonly figure: string;
  readonly of: string;
  readonly more: string;
}

const tile = ({ look, figure, of, more }: Tile) =>
  `<div class="tile ${look}"><b>${escaped(figure)}</b>${escaped(of)}<br><span class="dim">${escaped(more)}</span></div>`;

/** Rows of some lines. */
export const rowsOf = (lines: readonly { readonly rows: bigint }[]) => lines.reduce((sum, { rows }) => sum + rows, 0n);

/** Money of rows that wait by currency, for people. */
export function moneyOf(lines: readonly AgedLine[], { currencies }: Pipeline): string {
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

function comparisonsTile({ proofs }: CloseReport): Tile {
  const { equal, different, notProven } = proofCounts(proofs);
  const look = different > 0 ? "bad" : notProven > 0 ? "warn" : "good";
  const figure = `${equal} of ${proofs.length}`;
  return { look, figure, of: "comparisons are equal", more: `${different} differ, ${notProven} not proven` };
}

function oldestTile({ proofs }: CloseReport): Tile {
  const { never, oldest } = proofCounts(proofs);
  if (oldest === null) {
    const of = `something of ${never} comparisons was never made`;
    return { look: "warn", figure: "never", of, more: "next: ledgerloop reconcile run" };
  }
  const of = "the oldest comparison that all this rests on";
  return { look: "good", figure: oldest.slice(0, 10), of, more: "everything was compared then or later" };
}

function tiesTile({ ties }: CloseReport, pipeline: Pipeline): Tile[] {
  const all = pipeline.ties.size;
  if (all === 0) return [];
  const count = (result: string) => ties.filter((tie) => tie.result === result).length;
  const [equal, different] = [count("equal"), count("different")];
  const look = different > 0 ? "bad" : equal < all ? "warn" : "good";
  const more = `${different} do not, ${all - equal - different} could not be looked at`;
  return [{ look, figure: `${equal} of ${all}`, of: "ties between systems hold", more }];
}

/** What stands in the way of a close, in a few figures. */
export function closeTiles(report: CloseReport, pipeline: Pipeline): string {
  const all = [
    ...[breaksTile(report, pipeline), waitingTile(report, pipeline)],
    ...[...tiesTile(report, pipeline), comparisonsTile(report), oldestTile(report)],
  ];
  return all.map(tile).join("\n");
}
