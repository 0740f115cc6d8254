import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { Feed, Source } from "../../../src/config/pipeline.ts";
import type { Json } from "../../../src/kernel/json.ts";
import { Failure, problem } from "../../../src/kernel/problem.ts";
import { type CellRow, landedText, rowFileColumns } from "../../../src/sources/landed-text.ts";
import type {
  Comparison,
  ControlTotal,
  Cursor,
  Extracted,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  RowFiles,
  Sink,
  SourceColumn,
  SourceReader,
} from "../../../src/sources/source.ts";
import { type FolderSettings, folderReading, folderSettings } from "./json-folder-kind.ts";

const CELL = z.union([z.string(), z.number(), z.null()]);
const FILE = z.strictObject({
  /** The sender's own count. */
  count: z.int(),
  rows: z.array(z.record(z.string(), CELL)),
  deleted: z.array(z.strictObject({ id: z.int(), stamp: z.int() })).default([]),
});

/** A file as it was read. */
interface JsonFile extends z.output<typeof FILE> {
  readonly name: string;
  readonly sha256: string;
}

/** What one extract of a feed does. */
interface Plan {
  readonly asked: FeedRequest;
  /** Every file there is, changed or not. */
  readonly files: readonly JsonFile[];
  /** Those that are landed now. */
  readonly taken: readonly JsonFile[];
  /** Names of files of the ledger that are no more. */
  readonly gone: readonly string[];
  readonly whole: boolean;
  /** Files are left for a later run. */
  readonly more: boolean;
}

const failed = (kind: "incomplete" | "retryable" | "usage", says: string) =>
  new Failure(kind, problem({ code: "folder.test", says, next: "`ledgerloop run`" }));

async function identityOf({ folder, token }: FolderSettings): Promise<string> {
  const found = await readFile(join(folder, ".token"), "utf8").catch(() => null);
  if (found === null) throw failed("retryable", "the folder cannot be reached");
  if (found !== token) throw failed("incomplete", "the folder refuses this token");
  return readFile(join(folder, ".identity"), "utf8");
}

async function readFiles({ folder }: FolderSettings, feed: Feed): Promise<JsonFile[]> {
  const own = join(folder, folderReading(feed).files);
  const names = (await readdir(own)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(own, name), "utf8");
      const file = FILE.parse(JSON.parse(text));
      if (file.rows.length !== file.count)
        throw failed("incomplete", `${feed.id}: a file has not as many rows as its sender counted`);
      return { ...file, name, sha256: createHash("sha256").update(text).digest("hex") };
    }),
  );
}

async function planOf(request: ExtractRequest, asked: FeedRequest): Promise<Plan> {
  const { feed, cursor, loading } = asked;
  const files = await readFiles(folderSettings(request.source), feed);
  const ledger = await request.state(feed.id);
  const known = cursor !== null || loading !== null;
  const whole = feed.reads === "whole" || (!known && ledger.size > 0);
  const changed = whole ? files : files.filter((file) => ledger.get(file.name) !== file.sha256);
  const budget = whole ? null : request.budget.requests;
  const taken = changed.slice(0, budget ?? changed.length);
  const gone = [...ledger.keys()].filter((name) => !files.some((file) => file.name === name));
  return { asked, files, taken, gone, whole, more: taken.length < changed.length };
}

/** The types that a feed's values have in JSON, over all its files. */
function columnsOf(files: readonly JsonFile[]): SourceColumn[] {
  const types = new Map<string, Set<string>>();
  for (const row of files.flatMap((file) => file.rows)) {
    for (const [name, value] of Object.entries(row)) {
      types.set(name, (types.get(name) ?? new Set()).add(value === null ? "null" : typeof value));
    }
  }
  return [...types].map(([name, found]) => ({
    name,
    type:
      [...found]
        .filter((type) => type !== "null")
        .sort()
        .join(" or ") || "string",
    nullable: found.has("null"),
  }));
}

function rowsOf(columns: readonly string[], file: JsonFile): CellRow[] {
  return file.rows.map((row, i) =>
    columns.map((name) => {
      if (name === "_position") return `${file.name}#${i + 1}`;
      const value = name === "_scope" ? file.name : (row[name] ?? null);
      return value === null ? null : String(value);
    }),
  );
}

async function land(sink: Sink, name: string, of: { columns: readonly string[]; rows: Iterable<CellRow> }) {
  const text = landedText(of.columns, of.rows);
  const written = await sink(name, text.bytes);
  return { ...written, rows: text.rows() };
}

async function landFile(sink: Sink, name: string, of: { columns: readonly string[]; rows: CellRow[] }): Promise<RowFiles> {
  return { files: [await land(sink, name, of)], columns: of.columns, rows: of.rows.length };
}

/** Counted from the parsed values, not from the text that is landed. */
function totalsOf(feed: Feed, files: readonly JsonFile[]): ControlTotal[] {
  const { money } = feed;
  const totals = new Map<string, { rows: bigint; minor: bigint }>();
  for (const row of files.flatMap((file) => file.rows)) {
    const currency = money?.currency === undefined ? "-" : String(row[money.currency] ?? "-");
    const sum = totals.get(currency) ?? { rows: 0n, minor: 0n };
    const minor = money ? BigInt(row[money.amount] ?? 0) : 0n;
    totals.set(currency, { rows: sum.rows + 1n, minor: sum.minor + minor });
  }
  return [...totals].map(([currency, { rows, minor }]) => ({
    currency,
    rows: rows.toString(),
    minor: minor.toString(),
    unreadable: "0",
  }));
}

/** Instalments and backlogs move no cursor; the first load says since when it goes on. */
function reached({ asked, more }: Plan, at: { identity: string; now: string }): Pick<FeedExtract, "cursor" | "loading"> {
  const cursor: Cursor = { kind: "listed", position: at.now, identity: at.identity, horizon: at.now };
  if (!more) return { cursor };
  return asked.cursor ? { cursor: asked.cursor } : { cursor: null, loading: { since: asked.loading?.since ?? at.now } };
}

async function landFeed(request: ExtractRequest, plan: Plan, at: { identity: string; now: string }): Promise<FeedExtract> {
  const { asked, files, taken, gone, whole } = plan;
  const { feed, cursor, keys } = asked;
  const sink = request.sink(feed.id);
  const columns = rowFileColumns(feed);
  const landed: FeedExtract["files"][number][] = [];
  for (const [i, file] of taken.entries()) {
    if (request.signal.aborted) throw failed("retryable", "reading the folder was cancelled");
    landed.push(await land(sink, `part-${String(i).padStart(3, "0")}.csv`, { columns, rows: rowsOf(columns, file) }));
    request.onProgress(
      feed.id,
      landed.reduce((sum, part) => sum + part.bytes, 0),
    );
  }
  const scopes = [...taken.map((file) => file.name), ...gone].map((name) => [name]);
  const deleted = taken.flatMap((file) => file.deleted.map(({ id, stamp }) => [String(id), String(stamp)]));
  const keyRows = files.flatMap((file) => file.rows.map((row) => feed.sourceKey.map((name) => String(row[name]))));
  return {
    feed: feed.id,
    request: { from: cursor?.position ?? null, whole },
    files: landed,
    columns,
    sourceColumns: columnsOf(files),
    witness: "second_read",
    totals: totalsOf(feed, taken),
    ...reached(plan, at),
    asOf: at.now,
    state: [
      ...taken.map((file) => ({ key: file.name, value: file.sha256 as Json })),
      ...gone.map((key) => ({ key, value: null })),
    ],
    notes: {},
    ...(whole ? {} : { scopes: await landFile(sink, "scopes-000.csv", { columns: ["_scope"], rows: scopes }) }),
    ...(deleted.length === 0
      ? {}
      : { deletes: await landFile(sink, "deletes-000.csv", { columns: [...feed.sourceKey, "_stamp"], rows: deleted }) }),
    ...(keys ? { keys: await landFile(sink, "keys-000.csv", { columns: feed.sourceKey, rows: keyRows }) } : {}),
  };
}

async function extract(request: ExtractRequest): Promise<Extracted> {
  const identity = await identityOf(folderSettings(request.source));
  const now = request.clock.now().toISOString();
  const extracts: FeedExtract[] = [];
  const refused: Extracted["refused"][number][] = [];
  for (const asked of request.feeds) {
    if (asked.cursor && asked.cursor.identity !== identity) throw failed("incomplete", "the folder is another one");
    const plan = await planOf(request, asked);
    const sourceColumns = columnsOf(plan.files);
    if (plan.files.length > 0 && !request.accepts(asked.feed, sourceColumns)) {
      refused.push({ feed: asked.feed.id, sourceColumns });
      continue;
    }
    extracts.push(await landFeed(request, plan, { identity, now }));
  }
  return { extracts, refused };
}

function compare(_feed: Feed, published: Cursor, found: Cursor): Comparison {
  if (published.identity !== found.identity) return "foreign";
  const [was, is] = [String(published.position), String(found.position)];
  return is > was ? "ahead" : is === was ? "equal" : "behind";
}

async function describe(source: Source, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>> {
  const settings = folderSettings(source);
  await identityOf(settings);
  return new Map(await Promise.all(feeds.map(async (feed) => [feed.id, columnsOf(await readFiles(settings, feed))] as const)));
}

/** Reads a folder of JSON files. */
export function jsonFolderReader(): SourceReader {
  return { extract, compare, describe, close: async () => undefined };
}
