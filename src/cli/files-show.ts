import { Command } from "commander";
import { formatMoney } from "../config/money-text.ts";
import type { Pipeline } from "../config/pipeline.ts";
import { evidenceOf, readStory, type StoryDocument, storyDocument } from "../documents/part-story.ts";
import { partsThere } from "../documents/pending.ts";
import { shellWord } from "../kernel/shell-word.ts";
import { askInstants, asOf } from "../lineage/as-of.ts";
import { reading } from "../ports/reading.ts";
import { type CommandContext, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { type FileOptions, feedsAsked, fileOf, withFile } from "./files-of.ts";
import { renderTable, shortened } from "./table.ts";

/** More than are shown, so that those of the content in force are among them. */
const PLACES = 1000;

type Total = StoryDocument["rows"]["live"];

function moneyText({ money }: Total, { currencies }: Pipeline): string {
  const shown = money.map(({ currency, minor }) => ({ currency, minor: BigInt(minor) }));
  return shown
    .filter(({ currency, minor }) => currency !== "-" || minor !== 0n)
    .map(({ currency, minor }) => formatMoney(minor, currency, currencies))
    .join(", ");
}

function rowsText({ rows }: StoryDocument, pipeline: Pipeline): string {
  const line = (is: string, reasons: string, of: Total) => {
    return { rows: String(of.rows), are: is, reasons, money: moneyText(of, pipeline) };
  };
  const waiting = rows.waiting.reasons.map((one) => line(one.kind, one.reasons.join(", "), one));
  return renderTable([line("live", "", rows.live), ...waiting, line("tombstoned", "", rows.tombstoned)]);
}

function versionsText({ versions }: StoryDocument): string {
  return renderTable(
    versions.map((one) => ({
      published: one.published_at,
      publication: one.publication_id,
      state: one.gone ? `${one.state}, gone` : one.state,
      sha256: one.sha256.slice(0, 12),
      records: one.records === null ? null : String(one.records),
      says: shortened(one.says),
    })),
  );
}

function decisionsText({ decisions }: StoryDocument): string {
  const rows = decisions.map(({ at, does, actor, reason, ticket, of_last_version: last }) => {
    return { at, decision: does, actor, reason, ticket, about: last ? "this version" : "an earlier version" };
  });
  return rows.length === 0 ? "" : `\n${renderTable(rows)}`;
}

function malformedText({ malformed_at: places, in_force: content }: StoryDocument): string {
  if (places.length === 0) return "";
  const lines = places.map(({ record, offset, length, says }) => {
    return `  record ${record}, bytes ${offset} to ${offset + length - 1}: ${says}\n`;
  });
  const more = (content?.malformed ?? 0) - places.length;
  return `\nrecords that could not be read\n${lines.join("")}${more > 0 ? `  and ${more} more\n` : ""}`;
}

function render(document: StoryDocument, pipeline: Pipeline): string {
  const { path, feed, state, gone, says, pending, evidence, in_force: content } = document;
  const published = content
    ? `in force    ${content.records} records, ${content.malformed} malformed, ${content.bytes} bytes, layout ${content.layout}, sha256 ${content.sha256}`
    : "in force    nothing of it";
  const lines = [
    `${path} of ${feed}: ${state}${gone ? ", no more where it was; its rows stay" : ""}`,
    ...(says === null ? [] : [`  says        ${says}`]),
    ...(pending ? [`  decided     ${pending.does} by ${pending.actor} at ${pending.at}; no run has followed it yet`] : []),
    `  ${published}`,
    ...(evidence ? [`  evidence    ${evidence.key}, ${evidence.bytes} bytes as they were received`] : []),
  ];
  const next = document.next ?? `\`ledgerloop files report ${shellWord(path)}\` for whoever sent it`;
  return `${lines.join("\n")}\n\n${rowsText(document, pipeline)}${malformedText(document)}\n${versionsText(document)}${decisionsText(document)}next: ${next}\n`;
}

/** `ledgerloop files show` */
export function filesShowCommand(context: CommandContext): Command {
  const command = withFile(
    new Command("show").description(
      "show a file's story: its versions and what was decided about them, what became of its rows, its malformed records and its evidence",
    ),
  );
  return withCommonOptions(command, [
    "files show remittances/acme/2026-05-11.csv",
    "files show remittances/acme/2026-05-11.csv --feed partners.remittances --json",
  ]).action(async (path: string, options: FileOptions) => {
    const pipeline = await pipelineOf(context, options);
    const feeds = await feedsAsked(context, pipeline, options.feed ?? null);
    const there = await partsThere(context.app, pipeline, feeds);
    const { known, story, instants } = await reading(context.app, pipeline, async (ask, dialect) => {
      const found = await fileOf(ask, dialect, { feeds, path, there });
      const refused = { onlyMalformed: true, limit: PLACES };
      const read = await readStory(ask, dialect, { known: found, refused });
      return { known: found, story: read, instants: await askInstants(pipeline, ask, dialect) };
    });
    const document = storyDocument(known, story, await evidenceOf(context.app, pipeline, { known, story }));
    const of = asOf(pipeline, instants, { feeds: [known.feed.id], tables: [] });
    if (options.json) return printJson(context, { ...document, as_of: of });
    context.out(render(document, pipeline));
  });
}
