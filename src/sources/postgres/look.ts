import type { Feed, Source } from "../../config/pipeline.ts";
import type { Problem } from "../../kernel/problem.ts";
import { findRelation } from "./catalog.ts";
import { type Cap, INSTANT_FORMAT, updatedAtCap } from "./horizon.ts";
import { beginPinned, checkPinned } from "./pins.ts";
import { postgresReading } from "./postgres-kind.ts";
import { missingRight } from "./rights.ts";
import type { Session } from "./session.ts";

/** The server behind an address, as it was when it was looked at. */
export interface Server {
  readonly system: string;
  readonly timeline: string;
  /** Oid of the database. */
  readonly database: string;
  /** When it was started: with the system, what tells two servers behind one address apart. */
  readonly started: string;
  readonly standby: boolean;
  /** Up to where its log is written, or replayed on a standby; decimal text. */
  readonly log: string;
  /** The last commit that a standby has replayed; null elsewhere. */
  readonly replayed: string | null;
  /** The oldest prepared transaction of this database, and since when it waits. */
  readonly prepared: { readonly gid: string; readonly since: string } | null;
  readonly now: string;
}

/*
 * The control file names the timeline of the last checkpoint, which after a promotion may still be the old one;
 * the name of the current WAL file is up to date, but is not given out during recovery.
 */
export const SERVER_COLUMNS = `
       (select system_identifier::text from pg_control_system()) as system,
       case when pg_is_in_recovery() then (select timeline_id::text from pg_control_checkpoint())
            else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int::text end as timeline,
       (select d.oid::text from pg_database d where d.datname = current_database()) as database,
       pg_postmaster_start_time()::text as started, pg_is_in_recovery() as standby,
       to_char(now(), ${INSTANT_FORMAT}) as now`;

const LOOK = `
select ${SERVER_COLUMNS},
       case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0' else pg_current_wal_flush_lsn() - '0/0' end::text as log,
       to_char(pg_last_xact_replay_timestamp(), ${INSTANT_FORMAT}) as replayed,
       (select json_build_object('gid', p.gid, 'since', to_char(p.prepared, ${INSTANT_FORMAT}))
          from pg_prepared_xacts p where p.database = current_database() order by p.prepared limit 1) as prepared`;

/** What a read must know before it takes its snapshot. */
export interface Look {
  readonly server: Server;
  readonly cap: Cap | null;
  /** Feeds whose relations are there, may be read and can be locked. */
  readonly lockable: readonly Feed[];
  /** Why others may not be read, by feed. */
  readonly barred: ReadonlyMap<string, Problem>;
}

/**
 * Looks around in a transaction of its own: a statement in that of the read would take its snapshot, before the tables are locked.
 * @throws Failure `incomplete` where no end of an `updated_at` cursor can be known.
 */
export async function lookAround(session: Session, source: Source, feeds: readonly Feed[]): Promise<Look> {
  await beginPinned(session, source, "now");
  await checkPinned(session, source, "now");
  const [server] = await session.rows<Server & Record<string, unknown>>(LOOK);
  if (!server) throw new Error("a SELECT without FROM gave no row");
  const capped = feeds.some((feed) => postgresReading(feed).cursor.mode === "updated_at");
  const cap = capped ? await updatedAtCap(session, source) : null;
  const lockable: Feed[] = [];
  const barred = new Map<string, Problem>();
  for (const feed of feeds) {
    const found = await findRelation(session, feed);
    const bar = found && (await missingRight(session, source, { feed, found }));
    if (bar) barred.set(feed.id, bar);
    else if (found?.lockable) lockable.push(feed);
  }
  await session.rows("commit");
  return { server, cap, lockable, barred };
}
