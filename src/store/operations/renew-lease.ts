import type { Store } from "../store.ts";

const RENEW = `
update ledgerloop.lease set expires_at = clock_timestamp() + make_interval(secs => $3)
 where run_group = $1 and token = $2 and run_id is not null
returning token`;

/** Prolongs a lease, also an expired one that nobody took; false when it is somebody else's now. */
export async function renewLease(store: Store, lease: { group: string; token: string; seconds: number }): Promise<boolean> {
  return (await store.ask(RENEW, [lease.group, lease.token, lease.seconds])).length === 1;
}
