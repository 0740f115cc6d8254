import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Feed } from "../../../src/config/pipeline.ts";
import type { Json } from "../../../src/kernel/json.ts";
import { Failure, problem } from "../../../src/kernel/problem.ts";
import { toRead } from "../../../src/sources/deriver.ts";
import { rowFileColumns } from "../../../src/sources/landed-text.ts";
import type {
  Comparison,
  Cursor,
  Evidence,
  Extracted,
  ExtractedFile,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  RowFiles,
  SourceReader,
} from "../../../src/sources/source.ts";
import { type FolderParameters, jsonDeriver, readAll } from "./json-deriver.ts";
import { columnsOf, type JsonFile, parseFile, totalsOf } from "./json-file.ts";
import { type FolderSettings, folderReading, folderSettings } from "./json-folder-kind.ts";

/** A file as the folder lists it. */
interface Listed {
  readonly name: string;
  readonly sha256: string;
  readonly file: JsonFile;
}

/** What one extract of a feed does. */
interface Plan {
  readonly asked: FeedRequest;
  /** Every file there is, changed or not. */
  readonly files: readonly Listed[];
  /** Those that are received now. */
  readonly taken: readonly Listed[];
  /** Names of files of the ledger that are no more. */
  readonly gone: readonly string[];
  readonly whole: boolean;
  /** Files are left for a later run. */
  readonly more: boolean;
}

const failed = (kind: "incomplete" | "retryable", says: string) =>
  new Failure(kind, problem({ code: "folder.test", says, next: "`ledgerloop run`" }));

async function identityOf({ folder, token }: FolderSettings): Promise<string> {
  const found = await readFile(join(folder, ".token"), "utf8").catch(() => null);
  if (found === null) throw failed("retryable", "the folder cannot be reached");
  if (found !== token) throw failed("incomplete", "the folder refuses this token");
  return readFile(join(folder, ".identity"), "utf8");
}

const folderOf = ({ folder }: FolderSettings, feed: Feed) => join(folder, folderReading(feed).files);

async function listFiles(settings: FolderSettings, feed: Feed): Promise<Listed[]> {
  const own = folderOf(settings, feed);
  const names = (await readdir(own)).filter((name) => name.endsWith(".json")).sort();
  return Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(own, name), "utf8");
      return { name, sha256: createHash("sha256").update(text).digest("hex"), file: parseFile(text) };
    }),
  );
}

async function planOf(request: ExtractRequest, asked: FeedRequest): Promise<Plan> {
  const { feed, cursor, loading, keys } = asked;
  const files = await listFiles(folderSettings(request.source), feed);
  const ledger = await request.state(feed.id);
  const known = cursor !== null || loading !== null;
  const whole = feed.reads === "whole" || (!known && ledger.size > 0);
  const changed = whole || keys ? files : files.filter((file) => ledger.get(file.name) !== file.sha256);
  const budget = whole || keys ? null : request.budget.requests;
  const taken = changed.slice(0, budget ?? changed.length);
  const gone = [...ledger.keys()].filter((name) => !files.some((file) => file.name === name));
  return { asked, files, taken, gone, whole, more: taken.length < changed.length };
}

/** What an attempt before had kept; it begins afresh where some of that is gone or changed meanwhile. */
async function keptBefore(request: ExtractRequest, feed: Feed): Promise<readonly Evidence[]> {
  const kept = ((await request.progress(feed.id).read()) ?? []) as unknown as readonly Evidence[];
  try {
    await readAll(toRead(kept, request.openEvidence));
    return kept;
  } catch (error) {
    if (error instanceof Failure && error.kind === "incomplete") return [];
    throw error;
  }
}

/** Keeps the files as they are; those that an attempt before had kept, and that have not changed, are not received again. */
async function receive(request: ExtractRequest, { asked: { feed }, taken }: Plan, onReceived: () => void): Promise<Evidence[]> {
  const own = folderOf(folderSettings(request.source), feed);
  const [keep, progress] = [request.evidence(feed.id), request.progress(feed.id)];
  const kept = await keptBefore(request, feed);
  const received: Evidence[] = [];
  for (const { name, sha256 } of taken) {
    if (request.signal.aborted) throw failed("retryable", "reading the folder was cancelled");
    const before = kept.find((piece) => piece.name === name && piece.sha256 === sha256);
    if (before === undefined) onReceived();
    received.push(before ?? (await keep(name, createReadStream(join(own, name)))));
    if (before === undefined) await progress.keep(received as unknown as Json);
    request.onProgress(
      feed.id,
      received.reduce((sum, piece) => sum + piece.bytes, 0),
    );
  }
  return received;
}

type Landed = Pick<FeedExtract, "files" | "columns" | "keys" | "scopes" | "deletes">;

/** Lands what the deriver makes of the evidence, each file among its kind. */
async function landDerived(request: ExtractRequest, feed: Feed, from: { evidence: Evidence[]; parameters: FolderParameters }) {
  const sink = request.sink(feed.id);
  const made: { kind: string; file: ExtractedFile }[] = [];
  const derived = jsonDeriver.derive(toRead(from.evidence, request.openEvidence), from.parameters as unknown as Json);
  for await (const { name, bytes, rows } of derived) {
    const written = await sink(name, bytes);
    made.push({ kind: name.split("-")[0] ?? "", file: { ...written, rows: rows() } });
  }
  const of = (kind: string, columns: readonly string[]): RowFiles | undefined => {
    const files = made.filter((m) => m.kind === kind).map((m) => m.file);
    return files.length === 0 ? undefined : { files, columns, rows: files.reduce((sum, file) => sum + file.rows, 0) };
  };
  const { columns, sourceKey } = from.parameters;
  const beside = {
    scopes: of("scopes", ["_scope"]),
    deletes: of("deletes", [...sourceKey, "_stamp"]),
    keys: of("keys", sourceKey),
  };
  const landed: Landed = { files: of("part", columns)?.files ?? [], columns };
  return { ...landed, ...(Object.fromEntries(Object.entries(beside).filter(([, files]) => files)) as Partial<Landed>) };
}

/** Instalments and backlogs move no cursor; the first load says since when it goes on, and ends with a cursor at that instant. */
function reached({ asked, more }: Plan, at: { identity: string; now: string }): Pick<FeedExtract, "cursor" | "loading"> {
  const since = asked.loading?.since ?? at.now;
  const cursor: Cursor = { kind: "listed", position: since, identity: at.identity, horizon: since };
  if (!more) return { cursor };
  return asked.cursor ? { cursor: asked.cursor } : { cursor: null, loading: { since } };
}

interface At {
  readonly identity: string;
  readonly now: string;
  readonly onReceived: () => void;
}

async function landFeed(request: ExtractRequest, plan: Plan, at: At): Promise<FeedExtract> {
  const { asked, files, taken, gone, whole } = plan;
  const { feed, cursor, keys } = asked;
  const evidence = await receive(request, plan, at.onReceived);
  const received = await readAll(toRead(evidence, request.openEvidence));
  if (received.some((file) => file.rows.length !== file.count))
    throw failed("incomplete", `${feed.id}: a file has not as many rows as its sender counted`);
  const scopes = whole ? null : [...taken.map((file) => file.name), ...gone];
  const parameters: FolderParameters = { columns: rowFileColumns(feed), sourceKey: feed.sourceKey, scopes, keys };
  return {
    feed: feed.id,
    request: { from: cursor?.position ?? null, whole },
    ...(await landDerived(request, feed, { evidence, parameters })),
    sourceColumns: columnsOf(files.map(({ file }) => file)),
    witness: "second_read",
    totals: totalsOf(feed, received),
    ...reached(plan, at),
    asOf: at.now,
    state: [
      ...evidence.map(({ name, sha256 }) => ({ key: name, value: sha256 as Json })),
      ...gone.map((key) => ({ key, value: null })),
    ],
    notes: {},
    evidence,
    deriver: { name: jsonDeriver.name, version: jsonDeriver.version, parameters: parameters as unknown as Json },
  };
}

function extractWith(onReceived: () => void): SourceReader["extract"] {
  return async (request): Promise<Extracted> => {
    const identity = await identityOf(folderSettings(request.source));
    const now = request.clock.now().toISOString();
    const extracts: FeedExtract[] = [];
    const refused: Extracted["refused"][number][] = [];
    for (const asked of request.feeds) {
      if (asked.cursor && asked.cursor.identity !== identity) throw failed("incomplete", "the folder is another one");
      const plan = await planOf(request, asked);
      const sourceColumns = columnsOf(plan.files.map(({ file }) => file));
      if (plan.files.length > 0 && !request.accepts(asked.feed, sourceColumns)) {
        refused.push({ feed: asked.feed.id, sourceColumns });
        continue;
      }
      extracts.push(await landFeed(request, plan, { identity, now, onReceived }));
    }
    return { extracts, refused };
  };
}

function compare(_feed: Feed, published: Cursor, found: Cursor): Comparison {
  if (published.identity !== found.identity) return "foreign";
  const [was, is] = [String(published.position), String(found.position)];
  return is > was ? "ahead" : is === was ? "equal" : "behind";
}

const describe: SourceReader["describe"] = async (source, feeds) => {
  const settings = folderSettings(source);
  await identityOf(settings);
  const described = feeds.map(async (feed) => {
    const files = await listFiles(settings, feed);
    return [feed.id, columnsOf(files.map(({ file }) => file))] as const;
  });
  return new Map(await Promise.all(described));
};

/** Reads a folder of JSON files; told each time that a file is received. */
export function jsonFolderReader(onReceived: () => void = () => undefined): SourceReader {
  return {
    extract: extractWith(onReceived),
    compare,
    describe,
    close: async () => undefined,
    derivers: [jsonDeriver],
  };
}
