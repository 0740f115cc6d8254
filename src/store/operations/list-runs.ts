import type { Store } from "../store.ts";

/** A run's line. `alive` says whether it holds a lease now: running but not alive means that it died. */
export interface RunRow {
  readonly runId: string;
  readonly group: string;
  readonly windowStart: Date | null;
  readonly windowEnd: Date | null;
  readonly kind: string;
  /** The run was asked for complete key sets too. */
  readonly keys: boolean;
  readonly token: string | null;
  readonly baseHead: string | null;
  readonly status: "running" | "finished";
  readonly alive: boolean;
  readonly outcome: string | null;
  readonly exitCode: number | null;
  readonly publicationId: string | null;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly codeVersion: string;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly cancelRequestedAt: Date | null;
  readonly cancelRequestedBy: string | null;
  /** What set the ledger back behind the run's publication, which is not there any more. */
  readonly undoneBy: string | null;
}

/** The SELECT list of a `RunRow` over `ledgerloop.run r`. */
export const RUN_COLUMNS = `
r.run_id as "runId", r.run_group as "group", r.window_start as "windowStart", r.window_end as "windowEnd", r.kind,
coalesce(r.args->'keys' = 'true', false) as keys, r.token,
r.base_head as "baseHead", r.status, r.outcome, r.exit_code as "exitCode", r.publication_id as "publicationId", r.actor, r.reason,
r.ticket, r.code_version as "codeVersion", r.started_at as "startedAt", r.finished_at as "finishedAt",
r.cancel_requested_at as "cancelRequestedAt", r.cancel_requested_by as "cancelRequestedBy",
r.undone_by as "undoneBy",
r.status = 'running' and exists (
  select from ledgerloop.lease l
   where l.run_id = r.run_id and l.expires_at > clock_timestamp()) as alive`;

const LIST = `
select ${RUN_COLUMNS} from ledgerloop.run r
 where ($1::text is null or r.run_group = $1) and (not $3 or (r.outcome = 'published' and r.undone_by is null))
 order by r.started_at desc, r.run_id desc limit $2`;

/** Runs, newest first. @param options `published`: those alone whose publications are there. */
export async function listRuns(
  store: Store,
  { group = null, limit, published = false }: { group?: string | null; limit: number; published?: boolean },
): Promise<RunRow[]> {
  return store.ask<RunRow>(LIST, [group, limit, published]);
}
