import { Command } from "commander";
import { type ReportDocument, reportDocument } from "../documents/part-report.ts";
import { readStory } from "../documents/part-story.ts";
import { reading } from "../ports/reading.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { type FileOptions, feedsAsked, fileOf, NOT_ASKED, withFile } from "./files-of.ts";
import { limitArgument } from "./limit-argument.ts";
import { toCsv } from "./table.ts";

/** More records than anybody corrects by hand, and what is held in memory at most. */
const [RECORDS, MOST] = [10_000, 200_000];

const MOVED = "it stands in the file since an earlier version of it";

function cellsOf({ record, offset, length, copies, reasons }: ReportDocument["records"][number]): TextRow {
  const often = copies === 1 ? [] : [`the same record stands there ${copies} times`];
  const moved = record === null ? [MOVED] : [];
  const text = (value: number | null) => (value === null ? null : String(value));
  return {
    record: text(record),
    offset: text(offset),
    length: text(length),
    reason: [...reasons, ...often, ...moved].join("; "),
  };
}

function csvOf({ says, records }: ReportDocument): string {
  const rows = says === null ? records.map(cellsOf) : [{ record: null, offset: null, length: null, reason: says }];
  return rows.length === 0 ? "record,offset,length,reason\n" : toCsv(rows);
}

function summary({ path, says, records, not_shown: more }: ReportDocument): string {
  if (says !== null) return `${path}: ${says}\n`;
  if (records.length === 0) return `${path}: no record waits\n`;
  const rest = more === 0 ? "" : `; ${more} more are not shown: raise --limit`;
  return `${path}: ${records.length === 1 ? "1 record is" : `${records.length} records are`} not published${rest}\n`;
}

/** `ledgerloop files report` */
export function filesReportCommand(context: CommandContext): Command {
  const command = withFile(
    new Command("report").description(
      "print what a file's sender has to know, as CSV: each record that is not published, where it stands, and why; no values of rows",
    ),
  ).option("--limit <n>", "how many records", limitArgument(MOST), RECORDS);
  return withCommonOptions(command, [
    "files report remittances/acme/2026-05-11.csv > acme-2026-05-11-report.csv",
    "files report remittances/acme/2026-05-11.csv --json",
  ]).action(async (path: string, options: FileOptions & { limit: number }) => {
    const pipeline = await pipelineOf(context, options);
    const feeds = await feedsAsked(context, pipeline, options.feed ?? null);
    const document = await reading(context.app, pipeline, async (ask, dialect) => {
      const known = await fileOf(ask, dialect, { feeds, path, there: NOT_ASKED });
      const refused = { onlyMalformed: false, limit: options.limit };
      return reportDocument(known, await readStory(ask, dialect, { known, refused }));
    });
    if (options.json) return printJson(context, document);
    context.out(csvOf(document));
    context.err(summary(document));
  });
}
