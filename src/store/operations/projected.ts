import type { Store } from "../store.ts";

/** The last publication of a group that the control store was told. */
export interface Projected {
  readonly number: bigint;
  readonly runId: string;
}

/** How far a group's ledger is told; null where nothing is. */
export async function readProjected(store: Store, group: string): Promise<Projected | null> {
  const [row] = await store.ask<{ number: string; runId: string }>(
    `select number, run_id as "runId" from ledgerloop.projected where run_group = $1`,
    [group],
  );
  return row ? { number: BigInt(row.number), runId: row.runId } : null;
}

const MARK_UNDONE = `
update ledgerloop.run r set undone_by = $2
 where r.run_group = $1 and r.outcome = 'published' and r.undone_by is null and r.run_id <> all ($3)
returning r.run_id`;

/** A run that never said how it ended, and whose publication is gone, has not published. */
const FORGET_RUNNING = `
update ledgerloop.run r set publication_id = null
 where r.run_group = $1 and r.status = 'running' and r.publication_id is not null and r.run_id <> all ($2)`;

/**
 * Begins anew after the ledger was set back: runs whose publications it does not name any more keep their lines and are marked.
 * @returns how many runs were marked.
 */
export async function forgetProjected(
  store: Store,
  lost: { group: string; by: string; published: readonly string[] },
): Promise<number> {
  return store.inTransaction(async (ask) => {
    const undone = await ask(MARK_UNDONE, [lost.group, lost.by, lost.published]);
    await ask(FORGET_RUNNING, [lost.group, lost.published]);
    await ask("delete from ledgerloop.projected where run_group = $1", [lost.group]);
    return undone.length;
  });
}
