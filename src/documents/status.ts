import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { type AsOf, asOf, type FeedInstants } from "../lineage/as-of.ts";
import type { App } from "../ports/ports.ts";
import { publishedInstants, recordReport } from "../projector/run-report.ts";
import { knownMigrations } from "../store/migrations.ts";
import { listRuns } from "../store/operations/list-runs.ts";
import { showRun } from "../store/operations/show-run.ts";
import { readStanding } from "../store/operations/standing.ts";
import type { Store } from "../store/store.ts";
import type { ProvenDocument } from "./proven.ts";
import { type RunDocument, runDocument } from "./run.ts";

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
  /** As of when sources and curated tables are published, as the last publications of the groups left them; null where the store is away. */
  readonly as_of: AsOf | null;
  /** What comparisons and breaks came to when somebody compared last; null where nobody has, and where the store is away. */
  readonly proven: ProvenDocument | null;
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

/** A group, and what its last publication said of its feeds. */
interface Told {
  readonly status: GroupStatus;
  readonly instants: FeedInstants;
}

/** As of when a run of the journal has published feeds; none for one of a version that did not keep it. */
async function instantsOf(store: Store, run: RunDocument | undefined): Promise<FeedInstants> {
  const result = run ? (await showRun(store, run.run_id))?.run.result : null;
  return publishedInstants(result);
}

async function groupStatus(store: Store, group: string): Promise<Told> {
  const [last] = (await listRuns(store, { group, limit: 1 })).map(runDocument);
  const [published] = (await listRuns(store, { group, limit: 1, published: true })).map(runDocument);
  const status = {
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
  return { status, instants: await instantsOf(store, published) };
}

/** What the control store says of every group, or why it says nothing. */
export async function storeStatus(app: App, pipeline: Pipeline): Promise<StoreStatus> {
  try {
    const { groups, proven } = await app.look.withStore(pipeline, async (store) => {
      const found: Told[] = [];
      for (const group of pipeline.groups.keys()) found.push(await groupStatus(store, group));
      return { groups: found, proven: (await readStanding(store, pipeline.name)) as ProvenDocument | null };
    });
    const schema = (await knownMigrations()).at(-1)?.number ?? 0;
    const known = new Map(groups.flatMap(({ instants }) => [...instants]));
    const all = { feeds: [...pipeline.feeds.keys()], tables: [...pipeline.models.keys()] };
    return {
      control_store: { state: "ok", schema, says: `schema ${schema}` },
      groups: groups.map(({ status }) => status),
      as_of: asOf(pipeline, known, all),
      proven,
      next: null,
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const says = error.problems[0]?.says ?? "not available";
    const next = error.problems[0]?.next ?? null;
    return { control_store: { state: "unavailable", schema: null, says }, groups: [], as_of: null, proven: null, next };
  }
}
