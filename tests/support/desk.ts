import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KeySet } from "../../src/checks/vanished.ts";
import { loadPipeline } from "../../src/config/load.ts";
import type { Feed, Group, Pipeline } from "../../src/config/pipeline.ts";
import { raiseFence } from "../../src/publish/fence.ts";
import { readHead } from "../../src/publish/head.ts";
import { warehouseDdl } from "../../src/publish/layout.ts";
import { type Judgement, judge } from "../../src/run/judge.ts";
import { measureBefore, type PublicationOutcome, prepare, publish } from "../../src/run/publication.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";
import { stem } from "../../src/warehouse/relations.ts";
import type { Session, TextRow } from "../../src/warehouse/warehouse.ts";

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
  play(hour: Hour): Promise<Played>;
  query(sql: string): Promise<TextRow[]>;
}

function csvCell(value: string | number | null): string {
  if (value === null) return "";
  const text = String(value);
  return text === "" || /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(columns: readonly string[], rows: readonly Row[]): string {
  const lines = rows.map((row, i) =>
    columns.map((c) => csvCell(c === "_position" ? (row["_position"] ?? `(0,${i + 1})`) : (row[c] ?? null))).join(","),
  );
  return `${[columns.join(","), ...lines].join("\n")}\n`;
}

async function load(
  session: Session,
  options: { folder: string; name: string; columns: readonly string[]; rows: readonly Row[]; batchId: string; feed: string },
) {
  const path = join(options.folder, `${options.batchId}-${options.name}.csv`);
  writeFileSync(path, csv(options.columns, options.rows));
  await session.loadRaw({
    feed: options.feed,
    relation: options.name,
    batchId: options.batchId,
    columns: options.columns,
    files: [{ key: `landing/${options.batchId}.csv`, path }],
  });
}

async function classes(session: Session, judgement: Judgement): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const { input } of judgement.feeds) {
    const name = stem(input.feed);
    const rows = await session.rows({
      name: "test.classes",
      sql: `SELECT l._position, COALESCE(v._class, 'inserted') AS c FROM temp."label_${name}" l LEFT JOIN temp."verdict_${name}" v ON v._row = l.rowid WHERE l._origin = 0`,
    });
    for (const row of rows) found.set(`${input.feed.id}${row["_position"]}`, row["c"] ?? "");
  }
  return found;
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

async function playHour(place: Place, hour: Hour, number: number): Promise<Played> {
  const { pipeline, folder } = place;
  const group = pipeline.groups.get(place.group.name) ?? place.group;
  const warehouse = duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" });
  const d = warehouse.dialect;
  const session = await warehouse.open({ purpose: "test" });
  try {
    for (const statement of warehouseDdl(d, pipeline)) await session.run(statement);
    const runId = `run_${number}`;
    const now = d.timestamp(hour.at ?? `2026-11-01T${String(number).padStart(2, "0")}:00:00Z`);
    const feeds = group.feeds.flatMap((id) => pipeline.feeds.get(id) ?? []);
    const head = await session.transaction(async () => {
      for (const statement of raiseFence(d, { group: group.name, runId, now })) await session.run(statement);
      return readHead(session, d, { group: group.name, feeds, window: null });
    });
    const batchId = (feed: string) => `b_${number}_${feed}`;
    for (const feed of feeds) {
      const columns = ["_position", ...feed.contract.columns.map((c) => c.name)];
      const rows = hour.rows[feed.id];
      if (rows) await load(session, { folder, name: stem(feed), columns, rows, batchId: batchId(feed.id), feed: feed.id });
      const keys = hour.keys?.[feed.id];
      if (keys)
        await load(session, {
          folder,
          name: `${stem(feed)}__keys`,
          columns: [...feed.sourceKey],
          rows: keys,
          batchId: batchId(feed.id),
          feed: feed.id,
        });
    }
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
    const before = await measureBefore(session, d, { pipeline, group });
    const totals = judgement.tally
      .filter((line) => line.origin === "batch")
      .map((line) => ({ feed: line.feed, currency: line.currency, rows: line.rows, minor: line.minor, unreadable: 0n }));
    const writing = { publicationId: `pub_${number}`, group: group.name, number: head.number + 1n, now };
    const plan = {
      pipeline,
      group,
      judgement,
      totals,
      writing,
      baseHead: head.number,
      token: head.token,
      runId,
      batchIds: feeds.filter((f) => hour.rows[f.id]).map((f) => batchId(f.id)),
      ledger: {
        publication: { publication_id: writing.publicationId, run_group: group.name, number: writing.number },
        batches: feeds
          .filter((f) => hour.rows[f.id])
          .map((f) => ({
            publication_id: writing.publicationId,
            run_group: group.name,
            number: writing.number,
            feed: f.id,
            batch_id: batchId(f.id),
          })),
        verdicts: [],
      },
      gates: [],
    };
    const seen = await classes(session, judgement);
    await prepare(session, d, plan);
    return { judgement, classes: seen, outcome: await publish(session, d, { plan, before }) };
  } finally {
    await session.close();
  }
}

/** Opens a desk over a fixture pipeline; its files go when it is disposed of. */
export function openDesk(fixture: string): Desk {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-desk-"));
  let { pipeline } = loadPipeline({
    directory: join(import.meta.dirname, "../fixtures/pipelines", fixture),
    env: { LEDGERLOOP_STATE: folder },
  });
  const [group] = pipeline.groups.values();
  if (!group) throw new Error("the fixture has no group");
  let number = 0;
  return {
    get pipeline() {
      return pipeline;
    },
    play: (hour) => {
      number += 1;
      pipeline = hour.adjust?.(pipeline) ?? pipeline;
      return playHour({ pipeline, group, folder }, hour, number);
    },
    query: async (sql) => {
      const session = await duckdbWarehouse({ path: join(folder, "wh.duckdb"), memoryLimit: "512MB" }).open({
        purpose: "test",
        readOnly: true,
      });
      try {
        return await session.rows({ name: "test", sql });
      } finally {
        await session.close();
      }
    },
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}
