import { Command } from "commander";
import { groupOption, readWhole } from "../config/commands.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import { jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { utcText } from "../quarantine/list-open.ts";
import { isJudgedNoMore } from "../quarantine/may-enter.ts";
import { rowEvents, showOpenRows, showRow } from "../quarantine/show-row.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { rowsOfFeed } from "./feed-rows.ts";
import { formatMoneyList } from "./money.ts";
import { columnNames, masked, maskedPayload } from "./pii.ts";
import { rowOrFeed, rowUnknown } from "./problems.ts";
import { reading } from "./reading.ts";
import { limitArgument } from "./runs.ts";

interface ShowOptions extends CommonOptions {
  readonly feed?: string;
  readonly limit: number;
}

/** A key with a personal column in it is masked as a whole, and so is one of a feed that left the configuration. */
function keyOf(pipeline: Pipeline, row: TextRow, part: "source" | "business"): string | null {
  const feed = pipeline.feeds.get(row["feed"] ?? "");
  const columns = part === "source" ? feed?.sourceKey : feed?.businessKey;
  const names = columnNames(pipeline);
  const value = row[`${part}_key`] ?? null;
  return columns?.every((name) => !names.personal.has(name.toLowerCase())) ? value : masked(value);
}

/** What brings an open row to its next judgement; null for a closed one. */
function nextFor(pipeline: Pipeline, row: TextRow, isOpen: boolean): string | null {
  if (!isOpen) return null;
  const feed = pipeline.feeds.get(row["feed"] ?? "");
  if (!feed)
    return "nothing judges it while its feed is not in the configuration; `ledgerloop plan` says what to do about the feed";
  const group = groupOption(pipeline, feed.group);
  if (row["in_pool"] === "true") return `\`ledgerloop run${group}\` judges it again: what it waits for may be there`;
  const whole = readWhole(pipeline, { group: feed.group, feeds: [feed.id] });
  if (isJudgedNoMore(feed, list(row["fingerprints"])))
    return `\`${whole}\` judges it again: its rules are not in force any more as they were`;
  if (isRekeyed(feed, list(row["reasons"])))
    return `another row: give it a source key of its own at the source; the same row under another business key: rekey: allowed in sources/${feed.source}.yaml, then \`${whole}\``;
  return `correct it at the source, and \`ledgerloop run${group}\` reads it; after a rule was mended \`${whole}\``;
}

/** Whether a row waits for its business key, which is another than that of the published row. */
function isRekeyed(feed: Feed, reasons: readonly string[]): boolean {
  return feed.contract.rules.some(
    ({ id, kind, columns }) =>
      kind === "immutable" && reasons.includes(id) && feed.businessKey.some((name) => columns.includes(name)),
  );
}

function list(text: string | null | undefined): string[] {
  return JSON.parse(text ?? "[]") as string[];
}

function eventDocument(event: TextRow) {
  return {
    event: event["event"] ?? "",
    class: event["class"] ?? null,
    publication_id: event["publication_id"] ?? "",
    happened_at: utcText(event["happened_at"]),
  };
}

function documentOf(pipeline: Pipeline, row: TextRow, events: readonly TextRow[]) {
  const text = (name: string) => row[name] ?? "";
  const fingerprints = list(row["fingerprints"]);
  const mine = events.filter((event) => event["row_id"] === row["row_id"]);
  return {
    row_id: text("row_id"),
    feed: text("feed"),
    kind: text("kind"),
    open: mine.length === 0,
    reasons: list(row["reasons"]).map((rule, i) => ({ rule, fingerprint: fingerprints[i] ?? null })),
    source_key: keyOf(pipeline, row, "source"),
    business_key: keyOf(pipeline, row, "business"),
    version: row["version"] ?? null,
    copies: jsonAmount(BigInt(text("copies"))),
    money: { currency: text("currency"), minor: jsonAmount(BigInt(text("minor"))) },
    batch_id: text("batch_id"),
    file: text("file"),
    position: text("position"),
    publication_id: text("publication_id"),
    opened_at: utcText(row["opened_at"]),
    payload: maskedPayload({ open: row["payload"] ?? null, personal: row["payload_pii"] ?? null }, columnNames(pipeline)),
    events: mine.map(eventDocument),
    next: nextFor(pipeline, row, mine.length === 0),
  };
}

type ShownRow = ReturnType<typeof documentOf>;

function render(pipeline: Pipeline, row: ShownRow): string {
  const money = new Map([[row.money.currency, BigInt(row.money.minor)]]);
  const width = Math.max(...Object.keys(row.payload).map((name) => name.length));
  const lines = [
    `${row.row_id}: ${row.kind}, ${row.open ? "open" : "closed"}`,
    `  reasons     ${row.reasons.map((r) => `${r.rule} (${r.fingerprint ?? "built in"})`).join(", ")}`,
    `  keys        source ${row.source_key}, business ${row.business_key ?? "none"}`,
    `  money       ${formatMoneyList(money, pipeline.currencies) || "none"}${row.copies === 1 ? "" : `, ${row.copies} identical copies`}`,
    `  landed      ${row.file}, position ${row.position}`,
    `  batch       ${row.batch_id}`,
    `  stored by   ${row.publication_id} at ${row.opened_at}`,
    ...row.events.map(
      (e) => `  ${e.event.padEnd(11)} ${e.happened_at}${e.class ? `, as ${e.class}` : ""}, by ${e.publication_id}`,
    ),
    "  payload, personal values masked:",
    ...Object.entries(row.payload).map(
      ([name, value]) => `    ${name.padEnd(width)}  ${value === null ? "(null)" : JSON.stringify(value)}`,
    ),
    ...(row.next === null ? [] : [`  next: ${row.next}`]),
  ];
  return `${lines.join("\n")}\n`;
}

async function readRows(
  context: CommandContext,
  pipeline: Pipeline,
  wanted: { rowId?: string; options: ShowOptions },
): Promise<ShownRow[]> {
  const { rowId, options } = wanted;
  const { feed, limit } = options;
  return reading(context, pipeline, async (ask, dialect) => {
    const rows = await ask(rowId === undefined ? showOpenRows(dialect, { feed: feed ?? "", limit }) : showRow(dialect, rowId));
    if (rows.length === 0) return [];
    const events = await ask(
      rowEvents(
        dialect,
        rows.map((row) => row["row_id"] ?? ""),
      ),
    );
    return rows.map((row) => documentOf(pipeline, row, events));
  });
}

/** `ledgerloop quarantine show` */
export function quarantineShowCommand(context: CommandContext): Command {
  const command = new Command("show")
    .description("show quarantined rows: reasons, way back to the landed byte, payload with personal values masked, events")
    .argument("[row]", "row id; or name a feed")
    .option("--feed <id>", "the oldest open rows of this feed")
    .option("--limit <n>", "how many rows of the feed", limitArgument, 10);
  return withCommonOptions(command, [
    "quarantine show --feed billing.invoices --limit 3",
    'quarantine show "b_3f1c9a7d20e4b856/(0,17)" --json',
  ]).action(async (rowId: string | undefined, options: ShowOptions) => {
    const pipeline = await pipelineOf(context, options);
    const { feed } = options;
    if ((rowId === undefined) === (feed === undefined)) throw new Failure("usage", rowOrFeed());
    const wanted = rowId === undefined ? { options } : { rowId, options };
    const rows = await rowsOfFeed(pipeline, feed ?? null, () => readRows(context, pipeline, wanted));
    if (rowId !== undefined && rows.length === 0) throw new Failure("usage", rowUnknown(rowId));
    if (options.json) return printJson(context, { rows });
    context.out(rows.length === 0 ? `no row of ${options.feed} waits\n` : rows.map((row) => render(pipeline, row)).join("\n"));
  });
}
