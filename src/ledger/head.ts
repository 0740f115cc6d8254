import type { Feed } from "../config/pipeline.ts";
import type { Json } from "../kernel/json.ts";
import type { Cursor } from "../sources/source.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { isoInstant } from "../warehouse/instants.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { readNumbers } from "./fence.ts";
import { nameNow, type Recorded, readRecorded } from "./recorded.ts";

/** The published cursor of a feed, and the publication that moved it there. */
export interface PublishedCursor extends Cursor {
  readonly number: bigint;
}

/** How far a feed's published rows go; instants are ISO 8601 in UTC, null where none is known. */
export interface FeedHorizon {
  readonly horizon: string | null;
  readonly asOf: string | null;
  /** A load in instalments is on its way since then. */
  readonly loadingSince: string | null;
}

/** What a run needs to know of a group before it extracts, read in the transaction that raises the fence. */
export interface Head {
  readonly number: bigint;
  readonly token: bigint;
  readonly cursors: ReadonlyMap<string, PublishedCursor>;
  readonly horizons: ReadonlyMap<string, FeedHorizon>;
  /** Object key of the manifest of each feed's newest published extract, whether or not it moved the cursor. */
  readonly newestManifests: ReadonlyMap<string, string>;
  /** Feeds already published for the asked window, with the publication that holds them. */
  readonly publishedForWindow: ReadonlyMap<string, string>;
  /** Open waiting rows per feed. */
  readonly open: ReadonlyMap<string, { readonly pool: bigint; readonly all: bigint }>;
  /** Feeds of which rows wait in another group, with that group: of this one's feeds it is the one that they have left. */
  readonly waitsElsewhere: ReadonlyMap<string, string>;
  /** Live published rows per feed. */
  readonly liveRows: ReadonlyMap<string, bigint>;
  readonly recorded: Recorded;
}

/** Since when a load of a feed in instalments is on its way, its first one or everything once more; null where there is none. */
export function loadingSince({ horizons }: Pick<Head, "horizons">, feed: string): string | null {
  return horizons.get(feed)?.loadingSince ?? null;
}

const INSTANTS = ["horizon", "as_of", "loading_since"];

/** Of every feed the newest row, the newest of an extract, and the newest that moved its cursor; often they are one. */
function horizonRows(dialect: Dialect, group: string): Statement {
  const table = ops(dialect, "feed_horizon");
  const instants = INSTANTS.map((name) => `${dialect.landedText(`h.${name}`, { kind: "timestamp" })} AS ${name}`);
  const of = `run_group = ${dialect.literal(group)}`;
  return {
    name: "begin.cursors",
    sql: `SELECT h.feed, ${asText("h.number")} AS number, h.cursor_kind, h.cursor_position, h.cursor_identity, ${instants.join(", ")}, b.batch_id, b.manifest
FROM ${table} h JOIN (
  SELECT feed, MAX(number) AS newest, MAX(CASE WHEN batch_id IS NOT NULL THEN number END) AS extracted, MAX(CASE WHEN cursor_kind IS NOT NULL THEN number END) AS moved FROM ${table} WHERE ${of} GROUP BY feed
) m ON m.feed = h.feed AND h.number IN (m.newest, m.extracted, m.moved)
LEFT JOIN ${ops(dialect, "batch")} b ON b.batch_id = h.batch_id AND b.publication_id = h.publication_id
WHERE h.${of}`,
  };
}

function cursorOf(row: TextRow): PublishedCursor | null {
  const { cursor_kind: kind, cursor_position: position, cursor_identity: identity } = row;
  // A cursor without its batch is no published one: the ledger was cut.
  if (!(kind && row["batch_id"])) return null;
  return {
    kind,
    position: JSON.parse(position ?? "null") as Json,
    identity: JSON.parse(identity ?? "null") as Json,
    horizon: isoInstant(row["horizon"]),
    number: BigInt(row["number"] ?? "0"),
  };
}

/** The last entry of each feed among rows in the order of their publications. */
function newestOf<T>(rows: readonly TextRow[], of: (row: TextRow) => T | null): Map<string, T> {
  return new Map(
    rows.flatMap((row) => {
      const found = of(row);
      return found === null ? [] : [[row["feed"] ?? "", found]];
    }),
  );
}

function horizonOf(row: TextRow): FeedHorizon {
  const [horizon = null, asOf = null, loadingSince = null] = INSTANTS.map((name) => isoInstant(row[name]));
  return { horizon, asOf, loadingSince };
}

async function horizons(
  session: Session,
  dialect: Dialect,
  group: string,
): Promise<Pick<Head, "cursors" | "horizons" | "newestManifests">> {
  const rows = await session.rows(horizonRows(dialect, group));
  const inOrder = rows.toSorted((a, b) => Number(BigInt(a["number"] ?? "0") - BigInt(b["number"] ?? "0")));
  return {
    cursors: newestOf(inOrder, cursorOf),
    horizons: newestOf(inOrder, horizonOf),
    newestManifests: newestOf(inOrder, (row) => row["manifest"] ?? null),
  };
}

async function windows(
  session: Session,
  dialect: Dialect,
  options: { group: string; window: { start: string; end: string } | null; recorded: Recorded },
): Promise<Map<string, string>> {
  if (options.window === null) return new Map();
  const rows = await session.rows({
    name: "begin.windows",
    sql: `SELECT b.feed, MIN(b.publication_id) AS publication_id FROM ${ops(dialect, "batch")} b
WHERE b.run_group = ${dialect.literal(options.group)} AND b.replay_of IS NULL
  AND b.window_start = ${dialect.timestamp(options.window.start)} AND b.window_end = ${dialect.timestamp(options.window.end)}
GROUP BY b.feed`,
  });
  return new Map(rows.map((row) => [nameNow(options.recorded, row["feed"] ?? ""), row["publication_id"] ?? ""]));
}

async function openRows(session: Session, dialect: Dialect, group: string): Promise<Pick<Head, "open" | "waitsElsewhere">> {
  const pool = dialect.countIf("q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only)");
  const rows = await session.rows({
    name: "begin.open",
    sql: `SELECT q.feed, q.run_group, ${asText("COUNT(*)")} AS all_rows, ${asText(pool)} AS pool FROM ${ops(dialect, "open_quarantine")} q
GROUP BY q.feed, q.run_group ORDER BY q.feed, q.run_group`,
  });
  const [own, others] = [rows.filter((row) => row["run_group"] === group), rows.filter((row) => row["run_group"] !== group)];
  return {
    open: new Map(
      own.map((row) => [row["feed"] ?? "", { all: BigInt(row["all_rows"] ?? "0"), pool: BigInt(row["pool"] ?? "0") }]),
    ),
    waitsElsewhere: new Map(others.map((row) => [row["feed"] ?? "", row["run_group"] ?? ""])),
  };
}

/** COUNT of all and of one column are answered from metadata on Snowflake; a condition would be a scan. */
async function liveCounts(session: Session, dialect: Dialect, feeds: readonly Feed[]): Promise<Map<string, bigint>> {
  const rows = await session.rows({
    name: "begin.staging",
    sql: feeds
      .map(
        (f) =>
          `SELECT ${dialect.literal(f.id)} AS feed, ${asText("COUNT(*) - COUNT(_deleted_at)")} AS row_count FROM ${stagingRows(dialect, f)}`,
      )
      .join("\nUNION ALL\n"),
  });
  return new Map(rows.map((row) => [row["feed"] ?? "", BigInt(row["row_count"] ?? "0")]));
}

/** Where a group's feeds stand, and how many live rows those with a published cursor have. */
export type PublishedCursors = Pick<Head, "cursors" | "horizons" | "liveRows">;

/** Reads where a group's feeds stand, and no more of it; feeds that never were published have no cursor. */
export async function readCursors(
  session: Session,
  dialect: Dialect,
  { group, feeds }: { group: string; feeds: readonly Feed[] },
): Promise<PublishedCursors> {
  const { cursors, horizons: known } = await horizons(session, dialect, group);
  const published = feeds.filter((feed) => cursors.has(feed.id));
  return {
    cursors,
    horizons: known,
    liveRows: published.length === 0 ? new Map() : await liveCounts(session, dialect, published),
  };
}

/** Reads head, token, cursors, published windows, waiting rows and table sizes of a group. */
export async function readHead(
  session: Session,
  dialect: Dialect,
  options: { group: string; feeds: readonly Feed[]; window: { start: string; end: string } | null },
): Promise<Head> {
  const { head, token } = await readNumbers(session, dialect, options.group);
  const recorded = await readRecorded(session, dialect, options.group);
  return {
    number: head,
    token,
    ...(await horizons(session, dialect, options.group)),
    publishedForWindow: await windows(session, dialect, { ...options, recorded }),
    ...(await openRows(session, dialect, options.group)),
    liveRows: await liveCounts(session, dialect, options.feeds),
    recorded,
  };
}
