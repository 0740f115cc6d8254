import type { RecordPlace, RowCounts, Trial, TriedFile, TriedRule } from "../trial/trial.ts";
import type { Output } from "./context.ts";
import { renderTable } from "./table.ts";

type Paint = Output["paint"];

/** So many sets of rules are shown; `--json` has more. */
const SHOWN = 20;

function counted(n: bigint, one: string, many: string): string {
  return `${n} ${n === 1n ? one : many}`;
}

function countsText(paint: Paint, { rows, valid, copies, quarantined, malformed }: RowCounts): string {
  const bad = (n: bigint, word: string) => (n === 0n ? `0 ${word}` : paint.red(`${n} ${word}`));
  const among = copies === 0n ? "" : ` (${counted(copies, "is a copy", "are copies")})`;
  return `${counted(rows, "row", "rows")}: ${valid} valid${among}, ${bad(quarantined, "quarantined")}, ${bad(malformed, "malformed")}`;
}

function fileText(paint: Paint, file: TriedFile): string {
  const { path, stopped } = file;
  if (!stopped) return `${path}: ${countsText(paint, file)}\n`;
  return `${path}: ${paint.red("stopped")}, nothing of it was judged: ${stopped.says}\n  next: ${stopped.next}\n`;
}

function section(title: string, rows: readonly Readonly<Record<string, string>>[]): string {
  return rows.length === 0 ? "" : `\n${title}\n${renderTable(rows)}`;
}

function failedText(rules: readonly TriedRule[]): string {
  const failed = rules.flatMap(({ failed: n, ...rule }) => (n !== "not_run" && n > 0n ? [{ ...rule, n }] : []));
  failed.sort((a, b) => (a.n === b.n ? (a.id < b.id ? -1 : 1) : a.n > b.n ? -1 : 1));
  const isOfRows = ({ kind }: TriedRule) => !["row_count", "sum_equals", "sql", "metric"].includes(kind);
  return section(
    "rules that failed",
    failed.map((rule) => ({
      rows: isOfRows({ ...rule, failed: rule.n }) ? String(rule.n) : "all",
      rule: rule.id,
      kind: rule.kind,
      severity: rule.severity,
    })),
  );
}

function combinationsText({ combinations }: Trial): string {
  const rows = combinations
    .slice(0, SHOWN)
    .map((one) => ({ rows: String(one.rows), "rules that they break": one.rules.join(", ") }));
  const more = combinations.length > SHOWN ? `and ${combinations.length - SHOWN} more: --json\n` : "";
  return section("what rows are kept out for", rows) + more;
}

function notRunText(paint: Paint, rules: readonly TriedRule[]): string {
  const lines = rules.flatMap(({ id, notRun }) =>
    notRun ? [`  ${paint.yellow("not run")}: ${id}: ${notRun.says}${notRun.next === null ? "" : `; add ${notRun.next}`}\n`] : [],
  );
  return lines.length === 0 ? "" : `\n${lines.join("")}`;
}

function copiesText({ copied, copies }: Trial): string {
  if (copied.length === 0) return "";
  const original = (path: string, of: RecordPlace) => `record ${of.record}${of.path === path ? "" : ` of ${of.path}`}`;
  const places = copied.map(({ path, record, of }) => `  ${path}: record ${record} repeats ${original(path, of)}\n`).join("");
  const more = copies > BigInt(copied.length) ? `  and ${copies - BigInt(copied.length)} more\n` : "";
  return `\ncopies of rows that are valid; a run takes one of each\n${places}${more}`;
}

function verdictText(paint: Paint, { ok, contract, files }: Trial): string {
  const of = files.length === 1 ? "the file keeps" : `the ${files.length} files keep`;
  const not = files.length === 1 ? "the file does not keep" : `not all of the ${files.length} files keep`;
  return `\n${ok ? paint.green("ok") : paint.red("fail")}: ${ok ? of : not} ${contract.id} ${contract.version}\n`;
}

/** What became of files, for people. */
export function trialText(paint: Paint, trial: Trial): string {
  const total = trial.files.length > 1 ? `all files: ${countsText(paint, trial)}\n` : "";
  const totals = trial.totals.map(({ column, currency, all, valid, quarantined }) => ({
    column,
    currency,
    all,
    valid,
    quarantined,
  }));
  return [
    ...trial.files.map((file) => fileText(paint, file)),
    total,
    failedText(trial.rules),
    combinationsText(trial),
    section("money", totals),
    copiesText(trial),
    notRunText(paint, trial.rules),
    verdictText(paint, trial),
  ].join("");
}
