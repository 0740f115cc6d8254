import type { Store } from "../store.ts";

/** Who holds a group's lease. */
interface LeaseHolder {
  readonly runId: string;
  readonly token: string;
  readonly expiresAt: Date;
}

export type LeaseAnswer =
  | { readonly acquired: true; readonly token: string }
  | { readonly acquired: false; readonly holder: LeaseHolder };

/*
 * The clock is the database's, and read when the row is ours: now() would be the instant before a wait for a rival.
 */
const ACQUIRE = `
insert into ledgerloop.lease as l (run_group, run_id, token, expires_at)
values ($1, $2, $3::bigint + 1, clock_timestamp() + make_interval(secs => $4))
on conflict (run_group) do update
   set run_id = excluded.run_id, token = greatest(l.token, $3::bigint) + 1,
       expires_at = clock_timestamp() + make_interval(secs => $4)
 where l.run_id is null or l.expires_at <= clock_timestamp()
returning token`;

const HOLDER = `
select run_id as "runId", token, expires_at as "expiresAt"
  from ledgerloop.lease
 where run_group = $1 and run_id is not null and expires_at > clock_timestamp()`;

/**
 * Takes a group's lease if nobody holds a live one. The token is above every earlier one and above `aboveToken`,
 * the warehouse's fence, so that it stays so after the control store was lost.
 */
export async function acquireLease(
  store: Store,
  options: { group: string; runId: string; aboveToken: string; seconds: number },
): Promise<LeaseAnswer> {
  const { group, runId, aboveToken, seconds } = options;
  for (;;) {
    const [mine] = await store.ask<{ token: string }>(ACQUIRE, [group, runId, aboveToken, seconds]);
    if (mine) return { acquired: true, token: mine.token };
    const [holder] = await store.ask<LeaseHolder>(HOLDER, [group]);
    if (holder) return { acquired: false, holder };
  }
}
