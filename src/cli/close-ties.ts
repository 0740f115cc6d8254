import type { Pipeline } from "../config/pipeline.ts";
import type { CloseReport } from "../documents/close-report.ts";
import type { KeptTie } from "../reconcile/kept-ties.ts";
import { type Cells, escaped, htmlTable } from "./markup.ts";
import { RESULTS } from "./reconcile-text.ts";
import { tieTable } from "./ties-text.ts";

/** Lines of a tie that matter to a month's close: those of the month, and of earlier ones what is not tied yet. */
function linesOf(pipeline: Pipeline, { name, lines }: KeptTie, month: string): Cells[] {
  const sides = pipeline.ties.get(name)?.sides.map((side) => side.name) ?? [];
  const until = lines.filter(({ period }) => period <= month);
  return tieTable(pipeline, sides, until)
    .filter(({ period, untied, timing }) => period === month || untied !== "" || timing !== "")
    .map(({ period = "", difference = "", untied = "", timing = "", fee = "", cutoff = "", equal = "", ...own }) => ({
      tie: name,
      month: period,
      sides: sides.map((side) => `${side} ${own[side] ?? ""}`).join(", "),
      ...{ difference, untied, timing, fee, cutoff, equal },
    }));
}

/** What several systems say of one thing, month by month. */
export function tiesSection({ ties, period }: CloseReport, pipeline: Pipeline): string {
  if (pipeline.ties.size === 0) return "<p>The pipeline names no ties.</p>";
  if (ties.length === 0) return "<p>No tie has been looked at.</p>";
  const month = period.from.slice(0, 7);
  const untold = ties.filter(({ why }) => why !== null).map(({ name, why }) => `<p>${escaped(`${name}: ${why}`)}</p>`);
  const lines = ties.flatMap((tie) => linesOf(pipeline, tie, month));
  const results = ties.map(({ name, result }) => `${name} ${RESULTS[result]}`).join(", ");
  const table = htmlTable(lines, {
    numbers: ["difference", "untied", "timing", "fee", "cutoff", "equal"],
    texts: ["sides"],
  });
  return `${untold.join("\n")}<p>${escaped(results)}</p>\n${table}`;
}
