import type { Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { activityHidden, capNotReadable, capOnStandby } from "../problems.ts";
import { roleOf, type Session } from "./session.ts";

/** ISO text with microseconds; JavaScript's Date would cut them. */
export const INSTANT_FORMAT = `'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'`;

/** The instant below which no `updated_at = now()` can appear any more; `frozen` while a prepared transaction hides one. */
export type Cap = { readonly frozen: false; readonly instant: string } | { readonly frozen: true };

/*
 * Only sessions of this database count: a table is written by sessions of its own database, those of foreign data
 * wrappers included. A transaction takes its now() a moment before it shows in pg_stat_activity; 5 s cover that moment,
 * at the price of reading their rows once more. A prepared transaction shows when it was prepared, not when it began.
 */
const CAP = `
select pg_is_in_recovery() as standby,
       pg_has_role(current_user, 'pg_read_all_stats', 'USAGE') as may_see,
       count(*) filter (where a.state = 'disabled') > 0 as hidden,
       exists (select from pg_prepared_xacts p where p.database = current_database()) as frozen,
       to_char(least(now() - interval '5 seconds', min(a.xact_start)), ${INSTANT_FORMAT}) as instant
  from pg_stat_activity a
 where a.datname = current_database() and a.pid <> pg_backend_pid()`;

interface CapRow {
  readonly standby: boolean;
  readonly may_see: boolean;
  readonly hidden: boolean;
  readonly frozen: boolean;
  readonly instant: string;
}

/**
 * Computes the cap of `updated_at` cursors. To be called on the primary, before the snapshot is taken: a transaction
 * that begins later has a later now(), one that ended before is in the snapshot, any other is seen here.
 * @throws Failure `incomplete` on a standby, or when this role cannot see other sessions' transactions.
 */
export async function updatedAtCap(session: Session, source: Source): Promise<Cap> {
  const [row] = await session.rows<CapRow>(CAP);
  if (!row || row.standby) throw new Failure("incomplete", capOnStandby(source.id));
  if (!row.may_see) throw new Failure("incomplete", capNotReadable(source.id, roleOf(source)));
  if (row.hidden) throw new Failure("incomplete", activityHidden(source.id));
  return row.frozen ? { frozen: true } : { frozen: false, instant: row.instant };
}
