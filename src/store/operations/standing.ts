import type { Json } from "../../kernel/json.ts";
import type { Store } from "../store.ts";

const KEEP = `
insert into ledgerloop.standing (pipeline, told) values ($1, $2::jsonb)
on conflict (pipeline) do update set told = excluded.told, told_at = clock_timestamp()`;

/** Keeps what comparisons of a pipeline come to, in place of what was told before. */
export async function keepStanding(store: Store, pipeline: string, told: object): Promise<void> {
  await store.ask(KEEP, [pipeline, JSON.stringify(told)]);
}

/** What was told last; null where nothing was. */
export async function readStanding(store: Store, pipeline: string): Promise<Json> {
  const [row] = await store.ask<{ told: Json }>("select told from ledgerloop.standing where pipeline = $1", [pipeline]);
  return row?.told ?? null;
}
