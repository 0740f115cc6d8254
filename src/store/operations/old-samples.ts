import type { Store } from "../store.ts";

const OLD = "r.run_id = s.run_id and r.finished_at < $1";

/** How many samples of runs that finished before an instant there are. */
export async function countOldSamples(store: Store, before: Date): Promise<number> {
  const [row] = await store.ask<{ count: string }>(`select count(*) from ledgerloop.sample s join ledgerloop.run r on ${OLD}`, [
    before,
  ]);
  return Number(row?.count ?? 0);
}

/** Removes samples of runs that finished before an instant. @returns how many. */
export async function removeOldSamples(store: Store, before: Date): Promise<number> {
  return (await store.ask(`delete from ledgerloop.sample s using ledgerloop.run r where ${OLD} returning s.run_id`, [before]))
    .length;
}
