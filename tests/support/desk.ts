import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Judgement } from "../../src/checks/judge.ts";
import { feedsOf } from "../../src/config/groups.ts";
import type { Feed, GateLimits, Group, Pipeline } from "../../src/config/pipeline.ts";
import { BESIDE, type Beside } from "../../src/landing/extract-files.ts";
import { type Batch, type Manifest, manifestText } from "../../src/landing/manifest.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { Account } from "../../src/publish/accounts.ts";
import type { Gate } from "../../src/publish/gate.ts";
import { auditStage } from "../../src/run/audit-stage.ts";
import { takeLead } from "../../src/run/begin.ts";
import type { RunTools } from "../../src/run/engine.ts";
import { judgeStage } from "../../src/run/judge-stage.ts";
import { publishStage } from "../../src/run/publish-stage.ts";
import { type HealRequest, type RunRequest, runRequest } from "../../src/run/request.ts";
import type { Run } from "../../src/run/run.ts";
import { isEnded, type Landed } from "../../src/run/stages.ts";
import { warehouseDdl } from "../../src/schema/layout.ts";
import { type CellRow, rowFileColumns } from "../../src/sources/landed-text.ts";
import type { Ranges } from "../../src/sources/source.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { rowNumber, stem, workTable } from "../../src/warehouse/relations.ts";
import type { Session, TextRow } from "../../src/warehouse/warehouse.ts";
import { loadPipeline } from "./load-pipeline.ts";
import { landedBytes } from "./raw-file.ts";
import { sourceTotals } from "./source-totals.ts";
import { strictDuckdb } from "./strict.ts";

export type Row = Readonly<Record<string, string | number | null>>;

/** What a source shows in one run: rows by feed id; a `keys` list makes it a key pass. Rows of scoped feeds carry `_scope`. */
export interface Hour {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly keys?: Readonly<Record<string, readonly Row[]>>;
  /** Scopes by feed id of which the rows are all there are. */
  readonly scopes?: Readonly<Record<string, readonly string[]>>;
  /** Keys by feed id that the source says it has deleted, each with its `_stamp`. */
  readonly deletes?: Readonly<Record<string, readonly Row[]>>;
  /** What nets read again: ranges of feeds of which the rows are all there are, and keys that changed since the published horizon. */
  readonly nets?: Readonly<Record<string, { readonly complete?: Ranges; readonly underway?: readonly Row[] }>>;
  /** Keys by feed id that are healed, of which the rows are all that there are, and keys of curated tables. */
  readonly heal?: {
    readonly keys: Readonly<Record<string, readonly Row[]>>;
    readonly rows: HealRequest["rows"];
    readonly reason: string | null;
  };
  /** Tables that are computed again; the hour shows no rows. */
  readonly recompute?: readonly string[];
  /** The batch is a replay: the bytes of an earlier one, named here. */
  readonly replayOf?: string;
  /** Extract sequence of the bytes, for replays; otherwise this run's token. */
  readonly seq?: bigint;
  /** Feeds whose rows are all there are: their other keys have vanished. */
  readonly whole?: readonly string[];
  /** Feeds that are not there: their source was out of reach. */
  readonly leftOut?: readonly string[];
  /** No row has a position, as those of a view have none: `classes` does not have them either. */
  readonly unplaced?: boolean;
  /** The configuration in force from this hour on. */
  readonly adjust?: (pipeline: Pipeline) => Pipeline;
  /** Hour of the run; by default hours follow each other. */
  readonly at?: string;
}

export interface Played {
  readonly judgement: Judgement;
  readonly outcome: { readonly outcome: string; readonly accounts: readonly Account[]; readonly gates: readonly Gate[] };
  /** `feed/position` → class of every extracted row. */
  readonly classes: ReadonlyMap<string, string>;
}

/** Plays hours of hand-written rows through the stages of a run on a real DuckDB file, without a source and a control store. */
export interface Desk extends AsyncDisposable {
  readonly pipeline: Pipeline;
  readonly objects: ObjectStore;
  /** Plays the next hour, on a session of its own or on the given one. */
  play(hour: Hour, on?: PlayedOn): Promise<Played>;
  open(): Promise<Session>;
  /** Makes rows readable as a feed's landed batch, without judging them. */
  write(session: Session, batch: { feed: string; batchId: string; rows: readonly Row[] }): Promise<void>;
  query(sql: string): Promise<TextRow[]>;
}

/** What an hour is played on: a session and the dialect its statements are written in. */
export interface PlayedOn {
  readonly session: Session;
  readonly dialect: Dialect;
}

/** The cells of a row; a row without a position gets one where rows have any. */
function cellsOf(columns: readonly string[], row: Row, position: string | null): CellRow {
  const cells = columns.map((name) => row[name] ?? (name === "_position" ? position : null));
  return cells.map((cell) => (cell === null ? null : String(cell)));
}

type LandedFile = Manifest["extract"]["files"][number];

async function land(
  objects: ObjectStore,
  file: { key: string; columns: readonly string[]; rows: readonly Row[]; unplaced?: boolean | undefined },
): Promise<LandedFile> {
  const cells = file.rows.map((row, i) => cellsOf(file.columns, row, file.unplaced ? null : `(0,${i + 1})`));
  async function* bytes() {
    yield await landedBytes(file.columns, cells);
  }
  return { key: file.key, rows: file.rows.length, ...(await objects.put(file.key, bytes())) };
}

/** What an hour shows of a feed beside its rows, in the form of an extract. */
async function landBeside(objects: ObjectStore, id: string, { hour, feed }: { hour: Hour; feed: Feed }) {
  const beside = {
    keys: { columns: [...feed.sourceKey], rows: hour.keys?.[feed.id] },
    only: { columns: [...feed.sourceKey], rows: hour.heal?.keys[feed.id] },
    scopes: { columns: ["_scope"], rows: hour.scopes?.[feed.id]?.map((scope) => ({ _scope: scope })) },
    deletes: { columns: [...feed.sourceKey, "_stamp"], rows: hour.deletes?.[feed.id] },
    underway: { columns: feed.scoped ? ["_scope"] : [...feed.sourceKey], rows: hour.nets?.[feed.id]?.underway },
  };
  const landed: Pick<Manifest["extract"], Beside> = {};
  for (const name of BESIDE) {
    const { columns, rows } = beside[name];
    if (!rows) continue;
    landed[name] = {
      files: [await land(objects, { key: `landing/${id}-${name}.csv`, columns, rows })],
      columns,
      rows: rows.length,
    };
  }
  return landed;
}

interface Landing {
  readonly run: Run<RunTools>;
  readonly number: number;
  readonly head: Landed["head"];
}

/** A feed's rows of an hour, landed as an extract would land them. */
async function landFeed({ run, number, head }: Landing, hour: Hour, feed: Feed): Promise<Batch> {
  const { objects, pipeline } = run.engine;
  const id = `b_${number}_${feed.id}`;
  const rows = hour.rows[feed.id] ?? [];
  const columns = rowFileColumns(feed);
  const complete = hour.nets?.[feed.id]?.complete;
  const cursor = { kind: "desk", position: null, identity: "desk", horizon: null };
  const manifest: Manifest = {
    schema: 2,
    runId: run.runId,
    group: run.group.name,
    asked: hour.nets ? "slice" : hour.heal ? "heal" : "changes",
    window: null,
    baseHead: head.number.toString(),
    extractSeq: Number(hour.seq ?? head.token),
    startedAt: run.startedAt.toISOString(),
    codeVersion: "desk",
    configFingerprint: "desk",
    attempt: 1,
    together: [feed.id],
    ...(hour.replayOf === undefined ? {} : { replayOf: hour.replayOf }),
    extract: {
      feed: feed.id,
      request: { from: null, whole: hour.whole?.includes(feed.id) ?? false },
      files: [await land(objects, { key: `landing/${id}.csv`, columns, rows, unplaced: hour.unplaced })],
      columns,
      sourceColumns: [],
      witness: "source",
      totals: sourceTotals(feed, rows, pipeline.currencies),
      cursor: hour.nets || hour.heal ? null : cursor,
      ...(complete && { complete: structuredClone(complete) as Manifest["extract"]["complete"] & {} }),
      asOf: run.startedAt.toISOString(),
      notes: {},
      ...(await landBeside(objects, id, { hour, feed })),
    },
  };
  const key = `landing/${id}.json`;
  await objects.putIfAbsent(key, manifestText(manifest));
  return { id, key, manifest };
}

async function classes({ session, dialect }: PlayedOn, judgement: Judgement): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { input } of judgement.feeds) {
    const rows = await session.rows({
      name: "test.classes",
      sql: `SELECT l._position, COALESCE(v._class, 'inserted') AS c FROM ${workTable(dialect, "label", input.feed)} l
LEFT JOIN ${workTable(dialect, "verdict", input.feed)} v ON v._row = ${rowNumber(dialect, "l")} WHERE l._origin = 0 AND l._position IS NOT NULL`,
    });
    for (const row of rows) found.set(`${input.feed.id}${row["_position"]}`, row["c"] ?? "");
  }
  return found;
}

/** The desk is about rows: nothing is too much for its gates. */
function withoutLimits(pipeline: Pipeline): Pipeline {
  const gates: GateLimits = {
    validShare: 0,
    heldShare: 1,
    sample: 10_000,
    quarantinedMinor: {},
    vanishedShare: 1,
    missingKeys: 1_000_000,
    respelledKeys: "warn",
  };
  return {
    ...pipeline,
    groups: new Map([...pipeline.groups].map(([name, group]) => [name, { ...group, gates }])),
    feeds: new Map([...pipeline.feeds].map(([id, feed]) => [id, { ...feed, gates: {} }])),
  };
}

interface DeskParts {
  readonly pipeline: Pipeline;
  readonly group: string;
  readonly objects: ObjectStore;
}

/** A run opens another session only to look up what became of a lost answer. */
function noSecondSession(): never {
  throw new Error("a desk has no second session to look a lost answer up");
}

function requestOf(group: string, { nets, recompute, heal }: Hour): RunRequest {
  if (!heal) return runRequest({ group, nets: nets !== undefined, ...(recompute && { recompute }) });
  const keys = Object.entries(heal.keys).map(([feed, rows]) => ({
    feed,
    keys: rows.map((row) => Object.values(row).map(String)),
  }));
  return { kind: "heal", group, reason: heal.reason, ticket: null, acceptRemoved: [], keys, rows: heal.rows, breaks: [] };
}

function newRun(
  { pipeline, group, objects }: DeskParts,
  hour: Hour,
  { number, stage }: { number: number; stage: PlayedOn },
): Run<RunTools> {
  const startedAt = hour.at === undefined ? new Date(Date.UTC(2026, 10, 1, number)) : new Date(hour.at);
  const found = pipeline.groups.get(group) as Group;
  // The session outlives the run that plays on it.
  const sessions = [{ ...stage.session, close: async () => undefined }];
  return {
    engine: {
      pipeline,
      objects,
      warehouse: { dialect: stage.dialect, open: async () => sessions.shift() ?? noSecondSession() },
      clock: { now: () => startedAt },
      codeVersion: "desk",
      actor: "desk",
    },
    request: requestOf(group, hour),
    group: found,
    runId: `run_${number}`,
    startedAt,
    signal: new AbortController().signal,
    at: { stage: "desk", publication: null },
    sessions: [],
    requests: new Map(),
  };
}

/** Plays one hour on an open session: the stages of a run from the fence to COMMIT, with fixed ids and times. */
async function playHour(place: DeskParts, hour: Hour, options: { number: number; stage: PlayedOn }): Promise<Played> {
  const { session, dialect } = options.stage;
  const run = newRun(place, hour, options);
  for (const statement of warehouseDdl(dialect, place.pipeline)) await session.run(statement);
  const { head, recompute } = await takeLead(session, run);
  const feeds = feedsOf(place.pipeline, run.group).filter((feed) => hour.rows[feed.id]);
  const batches: Batch[] = [];
  for (const feed of feeds) batches.push(await landFeed({ run, number: options.number, head }, hour, feed));
  const judged = await judgeStage(run, {
    head,
    feeds,
    batches,
    recompute,
    declares: [],
    retired: new Map(),
    reused: [],
    leftOut: hour.leftOut ?? [],
    since: [],
    gates: [],
  });
  const seen = await classes(options.stage, judged.judgement);
  const audited = await auditStage(run, judged);
  const end = await publishStage(run, audited, async () => undefined);
  const { accounts = [], gates = [] } = end;
  const outcome = isEnded(end) ? end.ending.outcome : "published";
  return { judgement: judged.judgement, classes: seen, outcome: { outcome, accounts, gates } };
}

/** Opens a desk over a pipeline folder, by default a fixture's; its files go when it is disposed of. */
export function openDesk(fixture: string, directory = join(import.meta.dirname, "../fixtures/pipelines", fixture)): Desk {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-desk-"));
  let pipeline = withoutLimits(loadPipeline({ directory, env: { LEDGERLOOP_STATE: folder } }).pipeline);
  const [group] = pipeline.groups.keys();
  if (group === undefined) throw new Error("the fixture has no group");
  const warehouse = strictDuckdb({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" });
  const objects = fileObjectStore(join(folder, "objects"));
  let number = 0;
  let written = 0;
  return {
    get pipeline() {
      return pipeline;
    },
    objects,
    play: async (hour, on) => {
      number += 1;
      pipeline = hour.adjust?.(pipeline) ?? pipeline;
      const place = { pipeline, group, objects };
      if (on) return playHour(place, hour, { number, stage: on });
      const session = await warehouse.open({ purpose: "test" });
      try {
        return await playHour(place, hour, { number, stage: { session, dialect: warehouse.dialect } });
      } finally {
        await session.close();
      }
    },
    open: () => warehouse.open({ purpose: "test" }),
    write: async (session, { feed: id, batchId, rows }) => {
      const feed = pipeline.feeds.get(id);
      if (!feed) throw new Error(`no feed ${id}`);
      const columns = rowFileColumns(feed);
      written += 1;
      const file = await land(objects, { key: `landing/${batchId}.${written}.csv`, columns, rows });
      const files = [{ ...file, url: objects.url(file.key), local: () => objects.local(file.key, file) }];
      await session.loadRaw({ feed: id, relation: stem(feed), batchId, columns, files });
    },
    query: async (sql) => {
      const session = await warehouse.open({ purpose: "test", readOnly: true });
      try {
        return await session.rows({ name: "test", sql });
      } finally {
        await session.close();
      }
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
