import type { Pipeline } from "../../src/config/pipeline.ts";
import { type Desk, type Hour, openDesk, type Played, type Row } from "./desk.ts";
import { account, entry, withFeed } from "./desk-rows.ts";

export const ENTRIES = "app.entries";

/** `app.entries` as a feed of files that may be told of deletes; its memo stands in for a version. */
export function scoped(pipeline: Pipeline): Pipeline {
  return withFeed(pipeline, ENTRIES, (feed) => ({ ...feed, scoped: true, deletes: true, version: "memo" }));
}

/** Entry `id` in version `v`, out of a file. */
export function filed(id: number | null, scope: string, v: number): Row {
  return { ...entry(id, `e${id}`, { memo: String(v) }), _scope: scope };
}

/** One that breaks a rule. */
export function broken(id: number, scope: string, v: number): Row {
  return { ...filed(id, scope, v), amount: -1 };
}

/** One whose parent nobody knows. */
export function orphaned(id: number, scope: string, v: number): Row {
  return { ...filed(id, scope, v), account_id: "Z" };
}

/** A delete of entry `id`; without a stamp it says nothing of when. */
export function deleteOf(id: number, stamp: number | null): Row {
  return { id, _stamp: stamp };
}

/** A desk on which account `A` is published, so that entries need not wait. */
export async function scopedDesk(adjust: (pipeline: Pipeline) => Pipeline = scoped): Promise<Desk> {
  const desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust });
  return desk;
}

/** What an hour of entries is, beside its rows. */
export interface EntryHour extends Omit<Hour, "rows" | "scopes" | "deletes" | "keys" | "whole"> {
  readonly complete?: readonly string[];
  readonly deletes?: readonly Row[];
  readonly keys?: readonly Row[];
  readonly whole?: boolean;
}

/** An hour of entries as the desk plays it. */
export function hourOf(rows: readonly Row[], { complete, deletes, keys, whole, ...more }: EntryHour = {}): Hour {
  return {
    ...more,
    rows: { [ENTRIES]: rows },
    ...(complete ? { scopes: { [ENTRIES]: complete } } : {}),
    ...(deletes ? { deletes: { [ENTRIES]: deletes } } : {}),
    ...(keys ? { keys: { [ENTRIES]: keys } } : {}),
    ...(whole ? { whole: [ENTRIES] } : {}),
  };
}

/** Live rows that vanished in an hour. */
export function vanishedIn(played: Played): bigint {
  return played.outcome.accounts.filter((a) => a.feed === ENTRIES).reduce((sum, a) => sum + a.vanished.rows, 0n);
}

/** Classes of an hour's entries, in the order of their positions. */
export function classesIn(played: Played): string[] {
  return [...played.classes]
    .filter(([key]) => key.startsWith(ENTRIES))
    .sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
    .map(([, name]) => name);
}

/** Hours of a feed of files that take every path of scopes and deletes: moved, absent, deleted, waiting, seen again. */
export const SCOPED_HOURS: readonly Hour[] = [
  { rows: { "app.accounts": [account(1, "A")] }, adjust: scoped },
  hourOf([filed(1, "a", 1), filed(2, "a", 1), filed(3, "a", 1), broken(4, "a", 1), orphaned(5, "b", 1)], {
    complete: ["a", "b"],
  }),
  hourOf([filed(1, "b", 1), broken(4, "a", 1), filed(6, "a", 1), filed(3, "a", 2)], {
    complete: ["a"],
    deletes: [deleteOf(3, 2), deleteOf(5, 1)],
  }),
];
