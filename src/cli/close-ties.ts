import type { Pipeline } from "../config/pipeline.ts";
import type { CloseReport } from "../documents/close-report.ts";
import type { KeptTie } from "../reconcile/kept-ties.ts";
import { type Cells, escaped, htmlTable } from "./markup.ts";
import { RESULTS } from "./reconcile-text.ts";
import { tieTable } from "./ties-text.ts";

/**
 * Whether a line of an earlier month still matters: something of it is not tied, or its sides differ and no fee and no cutoff says why, as where the key is
 * told among another currency's.
 */
function isOpen({ difference, untied, timing, fee, cutoff }: Readonly<Record<string, string>>): boolean {
  return untied !== "" || timing !== "" || (difference !== "" && fee === "" && cutoff === "");
}

/** Lines of a tie that matter to a month's close: those of the month, and of earlier ones what is not tied yet. */
function linesOf(pipeline: Pipeline, { name, lines }: KeptTie, month: string): Cells[] {
  const sides = pipeline.ties.get(name)?.sides.map((side) => side.name) ?? [];
  const until = lines.filter(({ period }) => period <= month);
  return tieTable(pipeline, sides, until)
    .filter((line) => line["period"] === month || isOpen(line))
    .map(({ period = "", difference = "", untied = "", timing = "", fee = "", cutoff = "", equal = "", ...own }) => ({
      tie: name,
      month: period,
      sides: sides.map((side) => `${side} ${own[side] ?? ""}`).join(", "),
      ...{ difference, untied, timing, fee, cutoff, equal },
    }));
}

function tableOf(lines: readonly Cells[]): string {
  const repeated = (i: number) => lines[i]?.["tie"] === lines[i - 1]?.["tie"];
  return htmlTable(
    lines.map((line, i) => (repeated(i) ? { ...line, tie: "" } : line)),
    { numbers: ["difference", "untied", "timing", "fee", "cutoff", "equal"], texts: ["sides"] },
  );
}

const monthOf = ({ period }: CloseReport) => period.from.slice(0, 7);

/** What several systems say otherwise of one thing: of the month, and of earlier ones what is not tied yet. */
export function untiedSection(report: CloseReport, pipeline: Pipeline): string {
  const { ties } = report;
  if (pipeline.ties.size === 0) return "<p>The pipeline names no ties.</p>";
  if (ties.length === 0) return "<p>No tie has been looked at.</p>";
  const untold = ties.filter(({ why }) => why !== null).map(({ name, why }) => `<p>${escaped(`${name}: ${why}`)}</p>`);
  const off = ties
    .flatMap((tie) => linesOf(pipeline, tie, monthOf(report)))
    .filter(({ difference, untied, timing }) => [difference, untied, timing].some((cell) => cell !== ""));
  const table = off.length === 0 ? "<p>What could be looked at is tied.</p>" : tableOf(off);
  return `${untold.join("\n")}${table}`;
}

/** All that ties of a month come to. */
export function tiesSection(report: CloseReport, pipeline: Pipeline): string {
  const lines = report.ties.flatMap((tie) => linesOf(pipeline, tie, monthOf(report)));
  const results = report.ties.map(({ name, result }) => `${name} ${RESULTS[result]}`).join(", ");
  return `<p>${escaped(results)}</p>\n${tableOf(lines)}`;
}
