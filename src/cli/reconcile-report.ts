import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { type CloseReport, closeDocument, closeReport, type Period, proofCounts, unaccepted } from "../documents/close-report.ts";
import { jsonAmount } from "../kernel/json.ts";
import { EXIT_CODES, Failure } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import { oldestLook } from "../reconcile/standing.ts";
import { BREAK_COLUMNS, breakLine, bySize } from "./breaks-text.ts";
import { closePage } from "./close-page.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { fileUnwritable } from "./problems.ts";
import { toCsv } from "./table.ts";
import { tiesCsv } from "./ties-text.ts";

interface ReportOptions extends CommonOptions {
  readonly html?: string;
  readonly csv?: string;
  readonly period?: Period;
}

/** A month in UTC. */
function monthOf(text: string): Period {
  const [year = 0, month = 0] = text.split("-").map(Number);
  const first = (n: number) => new Date(Date.UTC(year, n, 1)).toISOString();
  return { from: first(month - 1), to: first(month) };
}

function monthArgument(text: string): Period {
  if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) throw new InvalidArgumentError("a period is a month, written as 2026-10");
  return monthOf(text);
}

const EQUATION_COLUMNS = [
  ...["feed", "as_of", "compared_at", "term", "currency", "source_rows", "source_minor", "published_rows", "published_minor"],
];

/** Every list of a report as CSV, by the name of its file. */
function csvFiles(report: CloseReport, pipeline: Pipeline): Map<string, string> {
  const { now, breaks, waiting, equations, proofs } = report;
  return new Map([
    [
      "breaks.csv",
      toCsv(
        bySize(breaks, now).map((one) => breakLine(pipeline, one, now)),
        BREAK_COLUMNS,
      ),
    ],
    [
      "waiting.csv",
      toCsv(
        waiting.map(({ feed, kind, reasons, age, rows, currency, minor }) => ({
          ...{ feed, kind, reasons: reasons.join(", "), age, rows: String(rows), currency, minor: String(minor) },
        })),
        ["feed", "kind", "reasons", "age", "rows", "currency", "minor"],
      ),
    ],
    [
      "equations.csv",
      toCsv(
        equations.flatMap(({ feed, provedAt, asOf, terms }) =>
          terms.map(({ term, currency, sourceRows, sourceMinor, liveRows, liveMinor }) => ({
            ...{ feed, as_of: asOf, compared_at: provedAt, term, currency, source_rows: String(sourceRows) },
            ...{ source_minor: String(sourceMinor), published_rows: String(liveRows), published_minor: String(liveMinor) },
          })),
        ),
        EQUATION_COLUMNS,
      ),
    ],
    ["ties.csv", tiesCsv(report.ties)],
    [
      "comparisons.csv",
      toCsv(
        proofs.map(({ leg, of, compares, standing, last }) => ({
          ...{ leg, of, compares, result: last === null ? "never" : standing.result, last_at: last?.provedAt ?? null },
          ...{ oldest_at: oldestLook(standing), rows: last === null ? null : String(jsonAmount(last.rows)) },
        })),
      ),
    ],
  ]);
}

function render(context: CommandContext, report: CloseReport, written: readonly string[]): void {
  const { different, notProven, never } = proofCounts(report.proofs);
  const waiting = report.waiting.reduce((sum, { rows }) => sum + rows, 0n);
  const open = unaccepted(report).length;
  context.out(
    `${open} open breaks, ${waiting} rows that wait, ${different} comparisons that differ, ${notProven} not proven, ${never} never made whole\n`,
  );
  for (const file of written) context.out(`written: ${file}\n`);
  if (written.length === 0)
    context.out("next: `ledgerloop reconcile report --html close.html` writes it for people, --csv DIR for a spreadsheet\n");
}

/** Writes what was asked for. @returns the files. */
function write(report: CloseReport, pipeline: Pipeline, { html, csv }: ReportOptions): string[] {
  const files = new Map(html === undefined ? [] : [[html, closePage(report, pipeline)]]);
  if (csv !== undefined) for (const [name, text] of csvFiles(report, pipeline)) files.set(join(csv, name), text);
  for (const [file, text] of files) {
    try {
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    } catch (error) {
      throw new Failure("usage", fileUnwritable(file, error));
    }
  }
  return [...files.keys()];
}

function exitCodeOf(report: CloseReport): number {
  const { different, equal } = proofCounts(report.proofs);
  if (different > 0 || unaccepted(report).length > 0) return EXIT_CODES.blocked;
  return equal < report.proofs.length ? EXIT_CODES.incomplete : 0;
}

const EXAMPLES = [
  "reconcile report --html close.html",
  "reconcile report --html close.html --csv close --period 2026-10",
] as const;

/** `ledgerloop reconcile report` */
export function reconcileReportCommand(context: CommandContext): Command {
  const command = new Command("report")
    .description(
      "what stands between finance and the close, from what was kept: breaks, waiting rows, equations, comparisons; as one page, as CSV or as JSON",
    )
    .option("--html <file>", "write it as one page that needs nothing else, for screen and print")
    .option("--csv <folder>", "write each of its lists as a file")
    .option("--period <month>", "of which month breaks are rolled forward; this month without it", monthArgument);
  return withCommonOptions(command, EXAMPLES).action(async (options: ReportOptions) => {
    const pipeline = await pipelineOf(context, options);
    const hasContents = await context.app.look.sourcesWithContents(pipeline);
    const now = new Date();
    const period = options.period ?? monthOf(now.toISOString().slice(0, 7));
    const report = await readingIn(context.app, pipeline, (session, dialect) =>
      closeReport(session, dialect, { pipeline, hasContents, now, period }),
    );
    const written = write(report, pipeline, options);
    context.exitCode = exitCodeOf(report);
    if (options.json) return printJson(context, closeDocument(report));
    render(context, report, written);
  });
}
