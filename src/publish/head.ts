import type { Feed } from "../config/pipeline.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { stagingRows } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { readNumbers } from "./fence.ts";

/** The published cursor of a feed. */
export interface PublishedCursor {
  readonly mode: string;
  readonly horizon: string | null;
  readonly systemIdentifier: string;
  readonly timeline: string;
  readonly number: bigint;
  /** Object key of the manifest it came from. */
  readonly manifest: string | null;
}

/** What a run needs to know of a group before it extracts, read in the transaction that raises the fence. */
export interface Head {
  readonly number: bigint;
  readonly token: bigint;
  readonly cursors: ReadonlyMap<string, PublishedCursor>;
  /** Feeds already published for the asked window, with the publication that holds them. */
  readonly publishedForWindow: ReadonlyMap<string, string>;
  /** Open waiting rows per feed. */
  readonly open: ReadonlyMap<string, { readonly pool: bigint; readonly all: bigint }>;
  readonly stagingRows: ReadonlyMap<string, bigint>;
}

const bySequence = (rows: readonly TextRow[]) => new Map(rows.map((row) => [row["feed"] ?? "", row]));

async function cursors(session: Session, dialect: Dialect, group: string): Promise<Map<string, PublishedCursor>> {
  const table = ops(dialect, "batch");
  const rows = await session.rows({
    name: "begin.cursors",
    sql: `SELECT b.feed, b.cursor_mode, b.horizon, b.system_identifier, b.timeline, b.manifest, ${asText("b.number")} AS number
FROM ${table} b JOIN (
  SELECT feed, MAX(number) AS number FROM ${table} WHERE run_group = ${dialect.literal(group)} AND replay_of IS NULL GROUP BY feed
) m ON m.feed = b.feed AND m.number = b.number
WHERE b.run_group = ${dialect.literal(group)} AND b.replay_of IS NULL`,
  });
  return new Map(
    [...bySequence(rows)].map(([feed, row]) => [
      feed,
      {
        mode: row["cursor_mode"] ?? "whole",
        horizon: row["horizon"] ?? null,
        systemIdentifier: row["system_identifier"] ?? "",
        timeline: row["timeline"] ?? "",
        number: BigInt(row["number"] ?? "0"),
        manifest: row["manifest"] ?? null,
      },
    ]),
  );
}

async function windows(
  session: Session,
  dialect: Dialect,
  options: { group: string; window: { start: string; end: string } | null },
): Promise<Map<string, string>> {
  if (options.window === null) return new Map();
  const rows = await session.rows({
    name: "begin.windows",
    sql: `SELECT b.feed, MIN(b.publication_id) AS publication_id FROM ${ops(dialect, "batch")} b
WHERE b.run_group = ${dialect.literal(options.group)} AND b.replay_of IS NULL
  AND b.window_start = ${dialect.timestamp(options.window.start)} AND b.window_end = ${dialect.timestamp(options.window.end)}
GROUP BY b.feed`,
  });
  return new Map(rows.map((row) => [row["feed"] ?? "", row["publication_id"] ?? ""]));
}

async function openRows(session: Session, dialect: Dialect, group: string): Promise<Head["open"]> {
  const pool = dialect.countIf("q.kind = 'held' OR (q.kind = 'quarantined' AND q.unique_only)");
  const rows = await session.rows({
    name: "begin.open",
    sql: `SELECT q.feed, ${asText("COUNT(*)")} AS all_rows, ${asText(pool)} AS pool FROM ${ops(dialect, "open_quarantine")} q
WHERE q.run_group = ${dialect.literal(group)} GROUP BY q.feed`,
  });
  return new Map(
    rows.map((row) => [row["feed"] ?? "", { all: BigInt(row["all_rows"] ?? "0"), pool: BigInt(row["pool"] ?? "0") }]),
  );
}

async function stagingCounts(session: Session, dialect: Dialect, feeds: readonly Feed[]): Promise<Map<string, bigint>> {
  const rows = await session.rows({
    name: "begin.staging",
    sql: feeds
      .map((f) => `SELECT ${dialect.literal(f.id)} AS feed, ${asText("COUNT(*)")} AS row_count FROM ${stagingRows(dialect, f)}`)
      .join("\nUNION ALL\n"),
  });
  return new Map(rows.map((row) => [row["feed"] ?? "", BigInt(row["row_count"] ?? "0")]));
}

/** Reads head, token, cursors, published windows, waiting rows and table sizes of a group. */
export async function readHead(
  session: Session,
  dialect: Dialect,
  options: { group: string; feeds: readonly Feed[]; window: { start: string; end: string } | null },
): Promise<Head> {
  const { head, token } = await readNumbers(session, dialect, options.group);
  return {
    number: head,
    token,
    cursors: await cursors(session, dialect, options.group),
    publishedForWindow: await windows(session, dialect, options),
    open: await openRows(session, dialect, options.group),
    stagingRows: await stagingCounts(session, dialect, options.feeds),
  };
}
