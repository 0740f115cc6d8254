import type { Feed, Group } from "../config/pipeline.ts";
import { stateInForce } from "../ledger/adapter-state.ts";
import { CLOSING_STOCK } from "../ledger/earlier.ts";
import { derivedText } from "../warehouse/derived-text.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { FORM, keyForm } from "../warehouse/key-form.ts";
import { OPS_TABLES, type OpsTable, ops, opsColumns } from "../warehouse/ops-tables.ts";
import { feedName, sharesStaging, stagingMeta, stagingRows } from "../warehouse/relations.ts";
import { asText } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { Writing } from "./staging.ts";

/** The publication that gives a feed's rows another name. */
export interface Renaming {
  readonly feed: Feed;
  readonly group: Group;
  /** The former name, a feed id. */
  readonly was: string;
  readonly writing: Writing;
}

/** Statements that put rows somewhere and take them away elsewhere; both must change as many rows. */
export interface Move {
  readonly put: Statement;
  readonly take: Statement;
}

/** Every row of the staging table, tombstones included, with the engine's own columns as they are. */
export function moveStaging(dialect: Dialect, renaming: Renaming): Move | null {
  if (sharesStaging(renaming)) return null;
  const { feed, was } = renaming;
  const { columns, derived } = feed.contract;
  const own = columns.map((c) => dialect.identifier(c.name));
  const made = derived.map((of) => dialect.identifier(of.name));
  const meta = stagingMeta(feed).map(([name]) => name);
  // Rows of an earlier release have no form under their former name, and none need have what is derived.
  const values = [
    ...own.map((name) => `s.${name}`),
    ...derived.map((of) => derivedText(dialect, of, "s")),
    ...meta.map((name) => (name === FORM ? keyForm(dialect, feed, "s") : `s.${name}`)),
  ];
  const from = stagingRows(dialect, feedName(was));
  return {
    put: {
      name: "rename.staging",
      sql: `INSERT INTO ${stagingRows(dialect, feed)} (${[...own, ...made, ...meta].join(", ")})
SELECT ${values.join(", ")} FROM ${from} s`,
    },
    take: { name: "rename.staging-left", sql: `DELETE FROM ${from}` },
  };
}

type Cells = Readonly<Record<string, string>>;

/** The columns of an `ops` table under an alias, some of them replaced. */
function cells(table: OpsTable, alias: string, replaced: Cells): string {
  return OPS_TABLES[table].map(([name]) => replaced[name] ?? `${alias}.${name}`).join(", ");
}

function published(dialect: Dialect, { writing }: Renaming): Cells {
  return {
    publication_id: dialect.literal(writing.publicationId),
    run_group: dialect.literal(writing.group),
    number: writing.number.toString(),
  };
}

/** Open waiting rows: closed under the former name, open under the new one as they were, with ids of their own. */
export function moveWaiting(dialect: Dialect, renaming: Renaming): Move {
  const { feed, was, writing } = renaming;
  const open = `FROM ${ops(dialect, "open_quarantine")} q WHERE q.feed = ${dialect.literal(was)} AND q.run_group = ${dialect.literal(writing.group)}`;
  const own = published(dialect, renaming);
  const id = `q.row_id || ${dialect.literal(`:${writing.number}`)}`;
  const closed = { ...own, event: dialect.literal("renamed"), class: "CAST(NULL AS VARCHAR)", happened_at: writing.now };
  return {
    put: {
      name: "rename.waiting",
      sql: `INSERT INTO ${ops(dialect, "quarantine_row")} (${opsColumns("quarantine_row")})
SELECT ${cells("quarantine_row", "q", { ...own, row_id: id, feed: dialect.literal(feed.id) })}
${open}`,
    },
    take: {
      name: "rename.waiting-closed",
      sql: `INSERT INTO ${ops(dialect, "quarantine_event")} (${opsColumns("quarantine_event")})
SELECT ${cells("quarantine_event", "q", closed)}
${open}`,
    },
  };
}

/** The publication whose cursor a feed goes on from, else its newest extract's; null for a feed that never was read. */
export async function cursorNumber(
  session: Session,
  dialect: Dialect,
  { group, feed }: { group: string; feed: string },
): Promise<bigint | null> {
  const newest = (condition: string) => asText(`MAX(CASE WHEN ${condition} THEN h.number END)`);
  const [row] = await session.rows({
    name: "rename.cursor",
    sql: `SELECT ${newest("h.cursor_kind IS NOT NULL")} AS moved, ${newest("h.batch_id IS NOT NULL")} AS extracted
FROM ${ops(dialect, "feed_horizon")} h WHERE h.run_group = ${dialect.literal(group)} AND h.feed = ${dialect.literal(feed)}`,
  });
  const found = row?.["moved"] ?? row?.["extracted"];
  return found ? BigInt(found) : null;
}

/** The feeds of the group as its head has them, as a list of literals: one has its former name. */
function feedsBefore(dialect: Dialect, { feed, group, was }: Renaming): string {
  return [was, ...group.feeds.filter((id) => id !== feed.id)].map((id) => dialect.literal(id)).join(", ");
}

/** The name that a feed of those has from this publication on. */
function nameNow(dialect: Dialect, { feed, was }: Renaming, column: string): string {
  return `CASE WHEN ${column} = ${dialect.literal(was)} THEN ${dialect.literal(feed.id)} ELSE ${column} END`;
}

const CURSOR = ["batch_id", "cursor_kind", "cursor_position", "cursor_identity"] as const;

/** How far each feed of the group is: nothing was read, and the renamed one has its cursor again. */
function horizons(dialect: Dialect, renaming: Renaming, cursor: bigint | null): Statement {
  const { group, was } = renaming;
  const table = ops(dialect, "feed_horizon");
  const of = `run_group = ${dialect.literal(group.name)}`;
  const own = {
    ...published(dialect, renaming),
    feed: nameNow(dialect, renaming, "h.feed"),
    ...Object.fromEntries(CURSOR.map((name) => [name, `c.${name}`])),
  };
  return {
    name: "rename.horizons",
    sql: `INSERT INTO ${table} (${opsColumns("feed_horizon")})
SELECT ${cells("feed_horizon", "h", own)}
FROM ${table} h
JOIN (SELECT feed, MAX(number) AS newest FROM ${table} WHERE ${of} GROUP BY feed) n ON n.feed = h.feed AND n.newest = h.number
LEFT JOIN ${table} c ON c.${of} AND c.feed = h.feed AND h.feed = ${dialect.literal(was)} AND c.number = ${cursor ?? "NULL"}
WHERE h.${of} AND h.feed IN (${feedsBefore(dialect, renaming)})`,
  };
}

/** A cursor counts with its batch alone. */
function cursorBatch(dialect: Dialect, renaming: Renaming, cursor: bigint): Statement {
  const { feed, was, writing } = renaming;
  return {
    name: "rename.batch",
    sql: `INSERT INTO ${ops(dialect, "batch")} (${opsColumns("batch")})
SELECT ${cells("batch", "b", { ...published(dialect, renaming), feed: dialect.literal(feed.id) })}
FROM ${ops(dialect, "batch")} b
JOIN ${ops(dialect, "feed_horizon")} h ON h.batch_id = b.batch_id AND h.publication_id = b.publication_id
WHERE h.run_group = ${dialect.literal(writing.group)} AND h.feed = ${dialect.literal(was)} AND h.number = ${cursor}`,
  };
}

/** The stock of each feed as the last publication counted it: the next one opens with it, so that what came by another hand shows. */
function stock(dialect: Dialect, renaming: Renaming): Statement {
  const { group, writing } = renaming;
  const own = {
    ...published(dialect, renaming),
    window_end: writing.now,
    feed: nameNow(dialect, renaming, "f.feed"),
  };
  return {
    name: "rename.stock",
    sql: `INSERT INTO ${ops(dialect, "flow")} (${opsColumns("flow")})
SELECT ${cells("flow", "f", own)}
FROM ${ops(dialect, "flow")} f
WHERE f.run_group = ${dialect.literal(group.name)} AND f.number = ${writing.number - 1n} AND f.class = ${dialect.literal(CLOSING_STOCK)} AND f.feed IN (${feedsBefore(dialect, renaming)})`,
  };
}

/** The adapter's own state goes with the rows, and is removed under the former name. */
function adapterState(dialect: Dialect, renaming: Renaming): Statement {
  const { feed, was, writing } = renaming;
  const [now, former] = [dialect.literal(feed.id), dialect.literal(was)];
  const value = `CASE WHEN t.feed = ${now} THEN n.state_value END`;
  return {
    name: "rename.adapter-state",
    sql: `INSERT INTO ${ops(dialect, "adapter_state")} (${opsColumns("adapter_state")})
SELECT ${cells("adapter_state", "n", { ...published(dialect, renaming), feed: "t.feed", state_value: value })}
FROM (
${stateInForce(dialect, { group: writing.group, feed: was })}
) n
CROSS JOIN (SELECT ${now} AS feed UNION ALL SELECT ${former} AS feed) t`,
  };
}

/** What the ledger says of the feed from this publication on, but for the publication itself and the audit trail. */
export function renameLedger(dialect: Dialect, renaming: Renaming, cursor: bigint | null): Statement[] {
  return [
    ...(cursor === null ? [] : [cursorBatch(dialect, renaming, cursor)]),
    horizons(dialect, renaming, cursor),
    stock(dialect, renaming),
    adapterState(dialect, renaming),
  ];
}
