import type { Store } from "../store.ts";

const RELEASE =
  "update ledgerloop.lease set run_id = null, expires_at = clock_timestamp() where run_group = $1 and token = $2 and run_id is not null returning token";

/** Gives a lease back; false when it was somebody else's already. The row stays, so that tokens only rise. */
export async function releaseLease(store: Store, lease: { group: string; token: string }): Promise<boolean> {
  return (await store.ask(RELEASE, [lease.group, lease.token])).length === 1;
}
