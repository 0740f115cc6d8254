import type { ProgramPlace } from "./small-run.ts";

/** Runs statements at the source, in their order. */
export async function atSource({ billing }: Pick<ProgramPlace, "billing">, statements: readonly string[]): Promise<void> {
  const client = await billing.client();
  for (const sql of statements) await client.query(sql);
}

/** The same without a stamp: no hourly run sees what they change. */
export function unstamped(place: Pick<ProgramPlace, "billing">, statements: readonly string[]): Promise<void> {
  return atSource(place, ["set session_replication_role = replica", ...statements, "set session_replication_role = origin"]);
}
