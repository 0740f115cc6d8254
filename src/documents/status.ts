import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import type { App } from "../ports/ports.ts";
import { recordReport } from "../projector/run-report.ts";
import { knownMigrations } from "../store/migrations.ts";
import { listRuns } from "../store/operations/list-runs.ts";
import { showRun } from "../store/operations/show-run.ts";
import type { Store } from "../store/store.ts";
import { type RunDocument, runDocument } from "./run.ts";

/** Hourly runs of four days: an older publication is a finding of its own. */
const LOOKED_AT = 100;

/** The last publication and the runs under way of one group. */
export interface GroupStatus {
  readonly group: string;
  readonly last_publication: Pick<RunDocument, "publication_id" | "run_id" | "window" | "finished_at"> | null;
  readonly last_run: Pick<RunDocument, "run_id" | "status" | "outcome" | "started_at"> | null;
  /** What the gates of the last run told, by run: warnings, and what stopped it. */
  readonly told: readonly { readonly gate: string; readonly verdict: string; readonly observed: string | null }[];
}

export interface StoreStatus {
  readonly control_store: { readonly state: "ok" | "unavailable"; readonly schema: number | null; readonly says: string };
  readonly groups: readonly GroupStatus[];
  readonly next: string | null;
}

/** The gates of a run that did not pass. */
async function toldBy(store: Store, runId: string): Promise<GroupStatus["told"]> {
  const found = await showRun(store, runId);
  return (found?.verdicts ?? [])
    .filter(({ scope, verdict }) => scope === "gate" && verdict !== "pass")
    .map(recordReport)
    .map(({ gate, verdict, observed }) => ({ gate, verdict, observed }));
}

async function groupStatus(store: Store, group: string): Promise<GroupStatus> {
  const runs = (await listRuns(store, { group, limit: LOOKED_AT })).map(runDocument);
  const [last] = runs;
  const published = runs.find((run) => run.outcome === "published" && run.undone_by === null);
  return {
    group,
    last_publication: published
      ? {
          publication_id: published.publication_id,
          run_id: published.run_id,
          window: published.window,
          finished_at: published.finished_at,
        }
      : null,
    last_run: last ? { run_id: last.run_id, status: last.status, outcome: last.outcome, started_at: last.started_at } : null,
    told: last ? await toldBy(store, last.run_id) : [],
  };
}

/** What the control store says of every group, or why it says nothing. */
export async function storeStatus(app: App, pipeline: Pipeline): Promise<StoreStatus> {
  try {
    const groups = await app.look.withStore(pipeline, async (store) => {
      const found: GroupStatus[] = [];
      for (const group of pipeline.groups.keys()) found.push(await groupStatus(store, group));
      return found;
    });
    const schema = (await knownMigrations()).at(-1)?.number ?? 0;
    return { control_store: { state: "ok", schema, says: `schema ${schema}` }, groups, next: null };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const says = error.problems[0]?.says ?? "not available";
    return { control_store: { state: "unavailable", schema: null, says }, groups: [], next: error.problems[0]?.next ?? null };
  }
}
