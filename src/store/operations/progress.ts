import type { Json } from "../../kernel/json.ts";
import type { Store } from "../store.ts";

/** Whose progress it is. `started` names the cursor and the configuration that the extract began with. */
export interface ProgressOf {
  readonly group: string;
  readonly feed: string;
  readonly started: string;
}

/** The token that was kept last for this very start; null if there is none. */
export async function readProgress(store: Store, { group, feed, started }: ProgressOf): Promise<Json> {
  const [row] = await store.ask<{ token: Json }>(
    "select token from ledgerloop.progress where run_group = $1 and feed = $2 and started = $3",
    [group, feed, started],
  );
  return row?.token ?? null;
}

const KEEP = `
insert into ledgerloop.progress (run_group, feed, started, token) values ($1, $2, $3, $4::jsonb)
on conflict (run_group, feed) do update set started = excluded.started, token = excluded.token, kept_at = clock_timestamp()`;

/** Keeps a token in place of the one before. */
export async function keepProgress(store: Store, { group, feed, started }: ProgressOf, token: Json): Promise<void> {
  await store.ask(KEEP, [group, feed, started, JSON.stringify(token)]);
}

/** Forgets the progress of some feeds: their extract is landed. */
export async function dropProgress(store: Store, group: string, feeds: readonly string[]): Promise<void> {
  await store.ask("delete from ledgerloop.progress where run_group = $1 and feed = any($2)", [group, feeds]);
}
