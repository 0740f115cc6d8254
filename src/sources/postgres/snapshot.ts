import type { Feed, Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { sqlState } from "../../postgres/sqlstates.ts";
import type { Cursor, FeedRequest } from "../source.ts";
import { type Identity, identityOf, instantOf, isForeign, keptOf, type Seen, xidOf } from "./cursor.ts";
import { SERVER_COLUMNS, type Server } from "./look.ts";
import { beginPinned, checkPinned } from "./pins.ts";
import { anotherServer, cursorAhead, otherRelation, otherSystem, standbyBehind } from "./problems.ts";
import { relation } from "./select-sql.ts";
import { isUnanswered, type Session } from "./session.ts";

/** The one view of the source that all feeds of a run share. */
export interface Snapshot {
  /** What other sessions import it by, while its exporter lives. */
  readonly id: string;
  /** `xmin:xmax:xip`, as evidence. */
  readonly text: string;
  readonly xmin: string;
  readonly xmax: string;
  /** Transactions with a number that were not done. */
  readonly running: readonly string[];
  readonly now: string;
  /** Up to where the primary's log was written, and durable; decimal text, null on a standby. */
  readonly written: string | null;
  readonly durable: string | null;
  readonly serverVersion: string;
}

type Found = Snapshot & Pick<Server, "system" | "timeline" | "database" | "started" | "standby">;

const SNAPSHOT = `
select pg_export_snapshot() as id,
       pg_current_snapshot()::text as text,
       pg_snapshot_xmin(pg_current_snapshot())::text as xmin,
       pg_snapshot_xmax(pg_current_snapshot())::text as xmax,
       array(select x::text from pg_snapshot_xip(pg_current_snapshot()) x) as running,
       case when not pg_is_in_recovery() then pg_current_wal_insert_lsn() - '0/0' end::text as written,
       case when not pg_is_in_recovery() then pg_current_wal_flush_lsn() - '0/0' end::text as durable,
       current_setting('server_version') as "serverVersion",${SERVER_COLUMNS}`;

const UNDEFINED_TABLE = "42P01";
const LOCK_NOT_AVAILABLE = "55P03";

/** Locks a transaction's tables against changes of their columns and rewrites; `wait` is empty or `nowait`. */
async function lockTables(session: Session, feeds: readonly Feed[], wait: "" | "nowait"): Promise<void> {
  if (feeds.length === 0) return;
  await session.rows(`lock table ${feeds.map(relation).join(", ")} in access share mode ${wait}`);
}

/** A pooler may have handed the look to one server and the read to another, whose horizon is not that one's. */
function checkServer(source: Source, looked: Server, found: Found): void {
  const names = ["system", "timeline", "database", "started", "standby"] as const;
  if (names.some((name) => looked[name] !== found[name])) throw new Failure("retryable", anotherServer(source.id));
}

export interface SnapshotOf {
  readonly source: Source;
  /** Feeds whose relations can be locked. */
  readonly feeds: readonly Feed[];
  /** The server as it was looked at before. */
  readonly server: Server;
}

/**
 * Begins the leader's transaction and exports its snapshot. The tables are locked (ACCESS SHARE) first: a TRUNCATE
 * or a rewrite that commits between snapshot and first read would make a table look empty to the snapshot.
 * @returns null when one of the tables was dropped or renamed while its lock was waited for; the transaction is over then.
 * @throws Failure `retryable` when another server answers than the one that was looked at, `incomplete` when settings were lost.
 */
export async function beginSnapshot(session: Session, { source, feeds, server }: SnapshotOf): Promise<Snapshot | null> {
  await beginPinned(session, source, "snapshot");
  try {
    await lockTables(session, feeds, "");
  } catch (error) {
    if (sqlState(error) !== UNDEFINED_TABLE) throw error;
    await session.rows("rollback");
    return null;
  }
  const [found] = await session.rows<Found & Record<string, unknown>>(SNAPSHOT);
  if (!found) throw new Error("a SELECT without FROM gave no row");
  await checkPinned(session, source, "snapshot");
  checkServer(source, server, found);
  return found;
}

/**
 * Begins a transaction in another session that sees exactly what the snapshot sees, and holds the tables itself: the exporter
 * may end first, and a change of a table that was waiting for it would then come between this session and its rows.
 * @returns false when such a change waits already, since behind it this session would wait for the exporter for nothing; and when a
 * pooler has no connection to give.
 */
export async function joinSnapshot(
  session: Session,
  id: string,
  { source, feeds }: Pick<SnapshotOf, "source" | "feeds">,
): Promise<boolean> {
  try {
    await beginPinned(session, source, "snapshot");
  } catch (error) {
    if (isUnanswered(error)) return false;
    throw error;
  }
  await session.rows(`set transaction snapshot '${id}'`);
  try {
    await lockTables(session, feeds, "nowait");
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    return false;
  }
  await checkPinned(session, source, "snapshot");
  return true;
}

/** What a standby has replayed was asked before its snapshot was taken, which shows at least that. */
export function seenBy(snapshot: Snapshot, { log }: Server): Seen {
  return { xmax: snapshot.xmax, running: snapshot.running, log: snapshot.durable ?? log, written: snapshot.written ?? log };
}

type Asked = Pick<FeedRequest, "feed" | "mayReadWhole">;

/** A standby behind the read that was published would publish a step back; a primary behind it is a restored one. */
function checkLog({ feed, mayReadWhole }: Asked, seen: Seen | null, server: Server): void {
  if (seen === null) return;
  if (server.standby && BigInt(server.log) < BigInt(seen.written)) {
    throw new Failure("retryable", standbyBehind({ feed: feed.id, replayed: server.replayed }));
  }
  if (!server.standby && BigInt(server.log) < BigInt(seen.log))
    throw new Failure("incomplete", cursorAhead({ feed: feed.id, mayReadWhole }));
}

function isAhead(feed: Feed, cursor: Cursor, { xmax, now }: Snapshot): boolean {
  if (cursor.kind === "xid") return BigInt(xidOf(cursor, feed.id)) > BigInt(xmax);
  return cursor.kind === "updated_at" && (instantOf(cursor, feed.id) ?? "") > now;
}

/**
 * Refuses a cursor that does not belong to this relation and server or lies ahead of them: its predicate would silently find nothing.
 * @throws Failure `incomplete`; `retryable` on a standby that has not replayed what is published.
 */
export function checkCursor(
  asked: Asked,
  cursor: Cursor,
  { here, snapshot, server }: { here: Identity; snapshot: Snapshot; server: Server },
): void {
  const { feed, mayReadWhole } = asked;
  const whole = { feed: feed.id, mayReadWhole };
  const published = identityOf(cursor, feed.id);
  if (isForeign(published, here)) {
    const sameServer = published.system === here.system && published.timeline === here.timeline;
    throw new Failure("incomplete", sameServer ? otherRelation({ ...whole, origin: feed.origin }) : otherSystem(whole));
  }
  checkLog(asked, keptOf(cursor).seen, server);
  const lags = server.standby && cursor.kind === "xid" && BigInt(xidOf(cursor, feed.id)) > BigInt(snapshot.xmin);
  if (lags) throw new Failure("retryable", standbyBehind({ feed: feed.id, replayed: server.replayed }));
  if (isAhead(feed, cursor, snapshot)) throw new Failure("incomplete", cursorAhead(whole));
}
