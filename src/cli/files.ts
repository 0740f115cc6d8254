import { Command } from "commander";
import { readParts } from "../documents/known-parts.ts";
import { needsSomebody, type PartDocument, type PartsDocument, partsDocument } from "../documents/part.ts";
import { partsThere } from "../documents/pending.ts";
import { shellWord } from "../kernel/shell-word.ts";
import { reading } from "../ports/reading.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { decideCommand } from "./files-decide.ts";
import { feedsAsked } from "./files-of.ts";
import { filesReportCommand } from "./files-report.ts";
import { filesShowCommand } from "./files-show.ts";
import { waiveCommand } from "./files-waive.ts";
import { renderTable, shortened } from "./table.ts";

interface FilesOptions extends CommonOptions {
  readonly feed?: string;
  readonly state?: string;
  readonly all?: boolean;
}

function lineOf({ feed, path, state, gone, says, records, malformed, pending, may }: PartDocument) {
  return {
    feed,
    file: path,
    state: gone ? `${state}, gone` : state,
    records: records === null ? null : String(records),
    malformed: malformed === null ? null : String(malformed),
    says: shortened(says),
    decide: pending ? `${pending.does} by ${pending.actor}: the next run follows it` : may.join(", "),
  };
}

function summary({ states }: PartsDocument): string {
  const all = states.reduce((sum, { files }) => sum + files, 0);
  const counts = states.map(({ state, files, gone }) => `${files} ${state}${gone > 0 ? ` (${gone} gone)` : ""}`);
  return `${all === 1 ? "1 file" : `${all} files`}: ${counts.join(", ")}\n`;
}

function next({ files }: PartsDocument): string {
  const first = files.find((file) => needsSomebody(file) && file.pending === null);
  if (first) return `\`ledgerloop files show ${shellWord(first.path)}\``;
  return files.some(({ pending }) => pending !== null)
    ? "`ledgerloop run` follows what was decided"
    : "`ledgerloop plan` says what the next run would take";
}

function render(document: PartsDocument): string {
  const away = document.source_problem === null ? "" : `not told: files that no run has looked at. ${document.source_problem}\n`;
  if (document.states.length === 0) return `no run has looked at a file, and none is there\n${away}next: \`ledgerloop plan\`\n`;
  const table = document.files.length === 0 ? "" : `${renderTable(document.files.map(lineOf))}\n`;
  return `${table}${summary(document)}${away}next: ${next(document)}\n`;
}

/** `ledgerloop files` */
export function filesCommand(context: CommandContext): Command {
  const command = new Command("files")
    .description(
      "files of partners: those that wait for somebody first, those that are there and not published yet, of those in force how many",
    )
    .option("--feed <id>", "only files of this feed")
    .option("--state <state>", "only files that are new, changed, in_force, duplicate, stopped, held, rejected or gone")
    .option("--all", "also files in force");
  command.addCommand(filesShowCommand(context)).addCommand(filesReportCommand(context));
  for (const does of ["accept", "reject", "retry"] as const) command.addCommand(decideCommand(context, does));
  command.addCommand(waiveCommand(context));
  return withCommonOptions(command, ["files", "files --feed partners.remittances --state stopped --json"]).action(
    async (options: FilesOptions) => {
      const pipeline = await pipelineOf(context, options);
      const feeds = await feedsAsked(context, pipeline, options.feed ?? null);
      const there = await partsThere(context.app, pipeline, feeds);
      const asked = { feeds, there: there.parts };
      const known =
        feeds.length === 0 ? [] : await reading(context.app, pipeline, (ask, dialect) => readParts(ask, dialect, asked));
      const shown = { all: options.all ?? false, state: options.state ?? null };
      const document = partsDocument(known, { ...shown, failure: there.failure });
      if (options.json) return printJson(context, document);
      context.out(render(document));
    },
  );
}
