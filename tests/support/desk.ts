import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { rowNumber } from "../../src/checks/match.ts";
import type { KeySet } from "../../src/checks/vanished.ts";
import { feedsOf } from "../../src/config/groups.ts";
import { loadPipeline } from "../../src/config/load.ts";
import type { Feed, Group, Pipeline } from "../../src/config/pipeline.ts";
import { raiseFence } from "../../src/publish/fence.ts";
import { readHead } from "../../src/publish/head.ts";
import { warehouseDdl } from "../../src/publish/layout.ts";
import { type Judgement, judge } from "../../src/run/judge.ts";
import { measureBefore, type PublicationOutcome, prepare, publish } from "../../src/run/publication.ts";
import { type CellRow, rowFileColumns } from "../../src/sources/landed-text.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { stem, workTable } from "../../src/warehouse/relations.ts";
import type { RawFile, Session, TextRow } from "../../src/warehouse/warehouse.ts";
import { landedBytes } from "./raw-file.ts";
import { strictDuckdb } from "./strict.ts";

export type Row = Readonly<Record<string, string | number | null>>;

/** What a source shows in one run: rows by feed id; a `keys` list makes it a key pass. */
export interface Hour {
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  readonly keys?: Readonly<Record<string, readonly Row[]>>;
  /** Extract sequence of the bytes, for replays; otherwise this run's token. */
  readonly seq?: bigint;
  /** Feeds whose rows are all there are: their other keys have vanished. */
  readonly whole?: readonly string[];
  /** The configuration in force from this hour on. */
  readonly adjust?: (pipeline: Pipeline) => Pipeline;
  /** Hour of the run; by default hours follow each other. */
  readonly at?: string;
}

export interface Played {
  readonly judgement: Judgement;
  readonly outcome: PublicationOutcome;
  /** `feed/position` → class of every extracted row. */
  readonly classes: ReadonlyMap<string, string>;
}

/** Plays hours of hand-written rows through label, judgement and publication on a real DuckDB file, without a source. */
export interface Desk extends AsyncDisposable {
  readonly pipeline: Pipeline;
  /** Plays the next hour, on a session of its own or on the given one. */
  play(hour: Hour, on?: Stage): Promise<Played>;
  open(): Promise<Session>;
  /** Makes rows readable as a feed's landed batch, without judging them. */
  write(session: Session, batch: { feed: string; batchId: string; rows: readonly Row[] }): Promise<void>;
  query(sql: string): Promise<TextRow[]>;
}

/** The cells of a row; a row without a position gets one. */
function cellsOf(columns: readonly string[], row: Row, index: number): CellRow {
  const cells = columns.map((name) => row[name] ?? (name === "_position" ? `(0,${index + 1})` : null));
  return cells.map((cell) => (cell === null ? null : String(cell)));
}

function fileOf(key: string, path: string): Pick<RawFile, "key" | "url" | "local"> {
  return { key, url: pathToFileURL(path).href, local: async () => ({ path, release: async () => undefined }) };
}

async function load(
  session: Session,
  options: { folder: string; name: string; columns: readonly string[]; rows: readonly Row[]; batchId: string; feed: string },
) {
  const path = join(options.folder, `${options.batchId}-${options.name}.csv`);
  const cells = options.rows.map((row, i) => cellsOf(options.columns, row, i));
  const bytes = await landedBytes(options.columns, cells);
  writeFileSync(path, bytes);
  await session.loadRaw({
    feed: options.feed,
    relation: options.name,
    batchId: options.batchId,
    columns: options.columns,
    files: [{ ...fileOf(`landing/${options.batchId}.csv`, path), rows: options.rows.length, bytes: bytes.length }],
  });
}

async function classes({ session, dialect }: Stage, judgement: Judgement): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { input } of judgement.feeds) {
    const rows = await session.rows({
      name: "test.classes",
      sql: `SELECT l._position, COALESCE(v._class, 'inserted') AS c FROM ${workTable(dialect, "label", input.feed)} l
LEFT JOIN ${workTable(dialect, "verdict", input.feed)} v ON v._row = ${rowNumber(dialect, "l")} WHERE l._origin = 0`,
    });
    for (const row of rows) found.set(`${input.feed.id}${row["_position"]}`, row["c"] ?? "");
  }
  return found;
}

/** What an hour is played on: a session and the dialect its statements are written in. */
export interface Stage {
  readonly session: Session;
  readonly dialect: Dialect;
}

interface Place {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly folder: string;
}

function keySet(hour: Hour, feed: Feed, batchId: string): KeySet | null {
  if (hour.keys?.[feed.id]) return { from: "keys", relation: `${stem(feed)}__keys`, batchId };
  return hour.whole?.includes(feed.id) ? { from: "label" } : null;
}

async function loadHour(
  place: Place,
  hour: Hour,
  options: { session: Session; feeds: readonly Feed[]; batchId: (feed: string) => string },
) {
  for (const feed of options.feeds) {
    const base = { folder: place.folder, batchId: options.batchId(feed.id), feed: feed.id };
    const rows = hour.rows[feed.id];
    const columns = rowFileColumns(feed);
    if (rows) await load(options.session, { ...base, name: stem(feed), columns, rows });
    const keys = hour.keys?.[feed.id];
    if (keys) await load(options.session, { ...base, name: `${stem(feed)}__keys`, columns: [...feed.sourceKey], rows: keys });
  }
}

/** Plays one hour on an open session: everything between DDL and COMMIT, with fixed ids and times. */
export async function playHour(place: Place, hour: Hour, options: { number: number; stage: Stage }): Promise<Played> {
  const { pipeline } = place;
  const { number } = options;
  const { session, dialect: d } = options.stage;
  const group = pipeline.groups.get(place.group.name) ?? place.group;
  for (const statement of warehouseDdl(d, pipeline)) await session.run(statement);
  const runId = `run_${number}`;
  const now = d.timestamp(hour.at ?? `2026-11-01T${String(number).padStart(2, "0")}:00:00Z`);
  const feeds = feedsOf(pipeline, group);
  const head = await session.transaction(async () => {
    for (const statement of raiseFence(d, { group: group.name, runId, now })) await session.run(statement);
    return readHead(session, d, { group: group.name, feeds, window: null });
  });
  const batchId = (feed: string) => `b_${number}_${feed}`;
  await loadHour(place, hour, { session, feeds, batchId });
  const before = await measureBefore(session, d, { pipeline, group, stagingRows: head.stagingRows, recount: false });
  const judgement = await judge(session, d, {
    pipeline,
    now,
    timed: (_part, work) => work(),
    feeds: feeds
      .map((feed) => ({
        feed,
        batchId: hour.rows[feed.id] ? batchId(feed.id) : null,
        seq: hour.seq ?? head.token,
        keys: keySet(hour, feed, batchId(feed.id)),
        open: head.open.get(feed.id) ?? { pool: 0n, all: 0n },
      }))
      .filter((f) => f.batchId !== null || f.open.pool > 0n),
  });
  const totals = judgement.tally
    .filter((line) => line.origin === "batch")
    .map((line) => ({ feed: line.feed, currency: line.currency, rows: line.rows, minor: line.minor, unreadable: 0n }));
  const writing = { publicationId: `pub_${number}`, group: group.name, number: head.number + 1n, now };
  const base = { publication_id: writing.publicationId, run_group: group.name, number: writing.number };
  const loaded = feeds.filter((f) => hour.rows[f.id]);
  const plan = {
    pipeline,
    group,
    judgement,
    totals,
    writing,
    baseHead: head.number,
    token: head.token,
    runId,
    batchIds: loaded.map((f) => batchId(f.id)),
    ledger: { publication: base, batches: loaded.map((f) => ({ ...base, feed: f.id, batch_id: batchId(f.id) })), verdicts: [] },
    gates: [],
  };
  const seen = await classes(options.stage, judgement);
  await prepare(session, d, plan);
  return { judgement, classes: seen, outcome: await publish(session, d, { plan, before }) };
}

/** Opens a desk over a pipeline folder, by default a fixture's; its files go when it is disposed of. */
export function openDesk(fixture: string, directory = join(import.meta.dirname, "../fixtures/pipelines", fixture)): Desk {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-desk-"));
  let { pipeline } = loadPipeline({ directory, env: { LEDGERLOOP_STATE: folder } });
  const [group] = pipeline.groups.values();
  if (!group) throw new Error("the fixture has no group");
  const warehouse = strictDuckdb({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" });
  let number = 0;
  return {
    get pipeline() {
      return pipeline;
    },
    play: async (hour, on) => {
      number += 1;
      pipeline = hour.adjust?.(pipeline) ?? pipeline;
      const place = { pipeline, group, folder };
      if (on) return playHour(place, hour, { number, stage: on });
      const session = await warehouse.open({ purpose: "test" });
      try {
        return await playHour(place, hour, { number, stage: { session, dialect: warehouse.dialect } });
      } finally {
        await session.close();
      }
    },
    open: () => warehouse.open({ purpose: "test" }),
    write: async (session, batch) => {
      const feed = pipeline.feeds.get(batch.feed);
      if (!feed) throw new Error(`no feed ${batch.feed}`);
      const columns = rowFileColumns(feed);
      await load(session, { ...batch, folder, name: stem(feed), columns });
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
