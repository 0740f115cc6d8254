import type { Feed } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { sqlState } from "../../postgres/sqlstates.ts";
import { cursorAhead, otherSystem } from "../problems.ts";
import type { Cursor } from "../source.ts";
import { identityOf, instantOf, xidOf } from "./cursor.ts";
import { INSTANT_FORMAT } from "./horizon.ts";
import { relation } from "./select-sql.ts";
import type { Session } from "./session.ts";

/** The one view of the source that all feeds of a run share. */
export interface Snapshot {
  /** What other sessions import it by, while its exporter lives. */
  readonly id: string;
  /** `xmin:xmax:xip`, as evidence. */
  readonly text: string;
  readonly xmin: string;
  readonly xmax: string;
  readonly now: string;
  readonly systemIdentifier: string;
  readonly timeline: string;
  readonly serverVersion: string;
}

const BEGIN = "begin transaction isolation level repeatable read read only";

/*
 * The control file names the timeline of the last checkpoint, which after a promotion may still be the old one;
 * the name of the current WAL file is up to date, but is not given out during recovery.
 */
const SNAPSHOT = `
select pg_export_snapshot() as id,
       pg_current_snapshot()::text as text,
       pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
       pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
       to_char(now(), ${INSTANT_FORMAT}) as now,
       (select system_identifier::text from pg_control_system()) as "systemIdentifier",
       case when pg_is_in_recovery() then (select timeline_id::text from pg_control_checkpoint())
            else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int::text end as timeline,
       current_setting('server_version') as "serverVersion"`;

const UNDEFINED_TABLE = "42P01";
const LOCK_NOT_AVAILABLE = "55P03";

/** Locks a transaction's tables against changes of their columns and rewrites; `wait` is empty or `nowait`. */
async function lockTables(session: Session, feeds: readonly Feed[], wait: "" | "nowait"): Promise<void> {
  if (feeds.length === 0) return;
  await session.client.query(`lock table ${feeds.map(relation).join(", ")} in access share mode ${wait}`);
}

/**
 * Begins the leader's transaction and exports its snapshot. The tables are locked (ACCESS SHARE) first: a TRUNCATE
 * or a rewrite that commits between snapshot and first read would make a table look empty to the snapshot.
 * @returns null when one of the tables was dropped or renamed while its lock was waited for; the transaction is over then.
 */
export async function beginSnapshot(session: Session, feeds: readonly Feed[]): Promise<Snapshot | null> {
  await session.client.query(BEGIN);
  try {
    await lockTables(session, feeds, "");
  } catch (error) {
    if (sqlState(error) !== UNDEFINED_TABLE) throw error;
    await session.client.query("rollback");
    return null;
  }
  const [snapshot] = await session.rows<Snapshot & Record<string, string>>(SNAPSHOT);
  if (!snapshot) throw new Error("a SELECT without FROM gave no row");
  return snapshot;
}

/**
 * Begins a transaction in another session that sees exactly what the snapshot sees, and holds the tables itself: the exporter
 * may end first, and a change of a table that was waiting for it would then come between this session and its rows.
 * @returns false when such a change waits already; behind it this session would wait for the exporter for nothing.
 */
export async function joinSnapshot(session: Session, id: string, feeds: readonly Feed[]): Promise<boolean> {
  await session.client.query(BEGIN);
  await session.client.query(`set transaction snapshot '${id}'`);
  try {
    await lockTables(session, feeds, "nowait");
    return true;
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    return false;
  }
}

/**
 * Refuses a cursor that does not belong to this server or lies ahead of it: its predicate would silently find nothing.
 * @throws Failure `incomplete`.
 */
export function checkCursor(feed: Feed, cursor: Cursor, snapshot: Snapshot): void {
  const { system, timeline } = identityOf(cursor, feed.id);
  if (system !== snapshot.systemIdentifier || timeline !== snapshot.timeline) {
    throw new Failure("incomplete", otherSystem(feed.id));
  }
  const ahead =
    cursor.kind === "xid"
      ? BigInt(xidOf(cursor, feed.id)) > BigInt(snapshot.xmax)
      : cursor.kind === "updated_at" && (instantOf(cursor, feed.id) ?? "") > snapshot.now;
  if (ahead) throw new Failure("incomplete", cursorAhead(feed.id));
}
