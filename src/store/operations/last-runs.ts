import type { Window } from "../../kernel/window.ts";
import type { Store } from "../store.ts";
import { RUN_COLUMNS, type RunRow } from "./list-runs.ts";

const LAST = `
select ${RUN_COLUMNS} from ledgerloop.run r
 where r.run_group = $1 and r.window_start is not distinct from $2 and r.window_end is not distinct from $3
   and r.run_id is distinct from $4 and r.token is not null
 order by r.started_at desc, r.run_id desc limit $5`;

/** The newest runs of one window of a group (null: of those without a window) that got as far as their base, newest first. */
export async function lastRuns(
  store: Store,
  options: { group: string; window: Window | null; except?: string; limit: number },
): Promise<RunRow[]> {
  const { group, window, except, limit } = options;
  return store.ask<RunRow>(LAST, [group, window?.start ?? null, window?.end ?? null, except ?? null, limit]);
}
