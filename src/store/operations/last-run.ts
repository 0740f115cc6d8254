import type { Window } from "../../kernel/window.ts";
import type { Store } from "../store.ts";
import { RUN_COLUMNS, type RunRow } from "./list-runs.ts";

const LAST = `
select ${RUN_COLUMNS} from ledgerloop.run r
 where r.run_group = $1 and ($2::timestamptz is null or (r.window_start = $2 and r.window_end = $3))
 order by r.started_at desc, r.run_id desc limit 1`;

/** The newest run of a group, or of one of its windows; null if there is none. */
export async function lastRun(store: Store, options: { group: string; window?: Window }): Promise<RunRow | null> {
  const { group, window } = options;
  return (await store.ask<RunRow>(LAST, [group, window?.start ?? null, window?.end ?? null]))[0] ?? null;
}
