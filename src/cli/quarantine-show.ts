import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { formatMoneyList } from "../documents/money.ts";
import { type WaitingRow, waitingRow } from "../documents/waiting-row.ts";
import { Failure } from "../kernel/problem.ts";
import { askInstants, asOf } from "../lineage/as-of.ts";
import { reading } from "../ports/reading.ts";
import { rowEvents, showOpenRows, showRow } from "../quarantine/show-row.ts";
import { spellingQuestions } from "../quarantine/spellings.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { rowsOfFeed } from "./feed-rows.ts";
import { rowOrFeed, rowUnknown } from "./problems.ts";
import { limitArgument } from "./runs.ts";

interface ShowOptions extends CommonOptions {
  readonly feed?: string;
  readonly limit: number;
}

/** A key in quotes, with what cannot be seen of it: blanks, and characters that are put together. */
function spelled(key: string | null): string {
  const hidden = (text: string) => [...text].map((c) => `\\u${c.codePointAt(0)?.toString(16).padStart(4, "0")}`).join("");
  return JSON.stringify(key).replace(/[\u00a0\p{M}]/gu, hidden);
}

/** What a row's key contends with that is spelled otherwise. */
function spellingLines({ reasons }: WaitingRow): string[] {
  return reasons.flatMap(({ rule, spelled: found }) => {
    if (found === null) return [];
    const others = found.others.map(({ key, is }) => `${spelled(key)} (${is})`).join(", ");
    return [`  spelled     ${spelled(found.own)}; under ${rule} the same as ${others || "none any more"}`];
  });
}

function render(pipeline: Pipeline, row: WaitingRow): string {
  const money = new Map([[row.money.currency, BigInt(row.money.minor)]]);
  const width = Math.max(...Object.keys(row.payload).map((name) => name.length));
  const lines = [
    `${row.row_id}: ${row.kind}, ${row.open ? "open" : "closed"}`,
    `  reasons     ${row.reasons.map((r) => `${r.rule} (${r.fingerprint ?? "built in"})`).join(", ")}`,
    ...spellingLines(row),
    `  keys        source ${row.source_key}, business ${row.business_key ?? "none"}`,
    `  money       ${formatMoneyList(money, pipeline.currencies) || "none"}${row.copies === 1 ? "" : `, ${row.copies} identical copies`}`,
    `  landed      ${row.file}, ${row.position === "" ? "no position" : `position ${row.position}`}`,
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
  wanted: { rowId?: string; options: ShowOptions; instants: Map<string, string | null> },
): Promise<WaitingRow[]> {
  const { rowId, options, instants } = wanted;
  const { feed, limit } = options;
  return reading(context.app, pipeline, async (ask, dialect) => {
    const rows = await ask(rowId === undefined ? showOpenRows(dialect, { feed: feed ?? "", limit }) : showRow(dialect, rowId));
    if (rows.length === 0) return [];
    for (const [id, at] of await askInstants(pipeline, ask, dialect)) instants.set(id, at);
    const events = await ask(
      rowEvents(
        dialect,
        rows.map((row) => row["row_id"] ?? ""),
      ),
    );
    const spellings: TextRow[] = [];
    for (const question of spellingQuestions(dialect, pipeline, rows)) spellings.push(...(await ask(question)));
    return rows.map((row) => waitingRow(pipeline, row, { events, spellings }));
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
    const instants = new Map<string, string | null>();
    const wanted = { options, instants, ...(rowId !== undefined && { rowId }) };
    const rows = await rowsOfFeed(pipeline, feed ?? null, () => readRows(context, pipeline, wanted));
    if (rowId !== undefined && rows.length === 0) throw new Failure("usage", rowUnknown(rowId));
    if (options.json)
      return printJson(context, { rows, as_of: asOf(pipeline, instants, { feeds: rows.map((row) => row.feed), tables: [] }) });
    context.out(rows.length === 0 ? `no row of ${options.feed} waits\n` : rows.map((row) => render(pipeline, row)).join("\n"));
  });
}
