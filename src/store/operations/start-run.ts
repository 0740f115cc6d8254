import type { Window } from "../../kernel/window.ts";
import type { Store } from "../store.ts";

/** A run as its command asked for it. */
export interface NewRun {
  readonly runId: string;
  readonly group: string;
  readonly window: Window | null;
  /** E.g. `increment`, `full`, `keys`, `replay`. */
  readonly kind: string;
  readonly args: unknown;
  readonly actor: string;
  readonly reason: string | null;
  readonly ticket: string | null;
  readonly codeVersion: string;
}

const START = `
insert into ledgerloop.run (run_id, run_group, window_start, window_end, kind, args, actor, reason, ticket, code_version)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`;

/** Journals that a run begins. */
export async function startRun(store: Store, run: NewRun): Promise<void> {
  const { window } = run;
  await store.ask(START, [
    run.runId,
    run.group,
    window?.start ?? null,
    window?.end ?? null,
    run.kind,
    JSON.stringify(run.args),
    run.actor,
    run.reason,
    run.ticket,
    run.codeVersion,
  ]);
}
