import { Command } from "commander";
import type { Environment, Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { recordReport } from "../projector/run-report.ts";
import { knownMigrations } from "../store/migrations.ts";
import { listRuns } from "../store/operations/list-runs.ts";
import type { Store } from "../store/store.ts";
import type { WarehouseFile } from "../warehouse/warehouse-file.ts";
import { clusterDocument } from "./cluster-document.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { paintVerdict } from "./paint.ts";
import { type RunDocument, runDocument } from "./run-document.ts";
import { runOrFailure } from "./show.ts";
import { renderTable } from "./table.ts";

/** Hourly runs of four days: an older publication is a finding of its own. */
const LOOKED_AT = 100;

/** The last publication and the runs under way of one group. */
interface GroupStatus {
  readonly group: string;
  readonly last_publication: Pick<RunDocument, "publication_id" | "run_id" | "window" | "finished_at"> | null;
  readonly last_run: Pick<RunDocument, "run_id" | "status" | "outcome" | "started_at"> | null;
  /** What the gates of the last run told, by run: warnings, and what stopped it. */
  readonly told: readonly { readonly gate: string; readonly verdict: string; readonly observed: string | null }[];
}

interface StoreStatus {
  readonly control_store: { readonly state: "ok" | "unavailable"; readonly schema: number | null; readonly says: string };
  readonly groups: readonly GroupStatus[];
  readonly next: string | null;
}

/** The gates of a run that did not pass. */
async function toldBy(store: Store, runId: string): Promise<GroupStatus["told"]> {
  const { verdicts } = await runOrFailure(store, runId);
  return verdicts
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

async function storeStatus(context: CommandContext, pipeline: Pipeline): Promise<StoreStatus> {
  try {
    const groups = await context.app.look.withStore(pipeline, async (store) => {
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

function warehouseText({ warehouse }: Environment, { path, exists, bytes, locked_by: lock }: WarehouseFile): string {
  if (warehouse.kind === "snowflake") return `snowflake, account ${warehouse.account}, database ${warehouse.database}`;
  if (!exists) return `${path}: not created yet`;
  const size = `${((bytes ?? 0) / 1_000_000).toFixed(1)} MB`;
  if (lock === null) return `${path}: ${size}, free`;
  const by = `process ${lock.pid} on ${lock.host} (${lock.purpose})`;
  return `${path}: ${size}, ${lock.alive ? `in use by ${by}` : `lock left behind by ${by}; the next run clears it`}`;
}

function groupLine(context: CommandContext, status: GroupStatus): Record<string, string> {
  const { last_publication: publication, last_run: run } = status;
  return {
    group: status.group,
    "last publication": publication?.publication_id ?? "none",
    window: publication?.window ?? "",
    "published at": publication?.finished_at ?? "",
    "last run": run?.run_id ?? "none",
    outcome: run ? paintVerdict(context.paint, run.outcome ?? run.status) : "",
  };
}

/** What the last run of each group told, one gate a line. */
function toldText(context: CommandContext, groups: readonly GroupStatus[]): string {
  const lines = groups.flatMap(({ told, last_run: run }) =>
    told.map(
      ({ gate, verdict, observed }) => `  ${paintVerdict(context.paint, verdict)}  ${gate}: ${observed} (${run?.run_id})\n`,
    ),
  );
  return lines.length === 0 ? "" : `\nwhat the last run told:\n${lines.join("")}`;
}

/** `ledgerloop status` */
export function statusCommand(context: CommandContext): Command {
  const command = new Command("status").description(
    "what runs, what was published last and who holds the warehouse; opens no warehouse",
  );
  return withCommonOptions(command, ["status", "status --pipeline my-pipeline --json"]).action(async (options: CommonOptions) => {
    const pipeline = await pipelineOf(context, options);
    const clusters = (await context.app.look.clusters(pipeline)).map(clusterDocument);
    const warehouse = await context.app.look.warehouseFile(pipeline);
    const { control_store, groups, next } = await storeStatus(context, pipeline);
    const { version } = context.app;
    const state_folder = context.app.look.stateFolder(pipeline);
    const advice = next ?? "`ledgerloop runs` lists runs; `ledgerloop doctor` checks everything";
    if (options.json) {
      const names = { version, pipeline: pipeline.name, environment: pipeline.environment.name };
      return printJson(context, { ...names, state_folder, clusters, warehouse, control_store, groups, next: advice });
    }
    const lines = [
      `ledgerloop ${version}, pipeline ${pipeline.name}, environment ${pipeline.environment.name}`,
      ...clusters.map((c) => `cluster ${c.name}: ${paintVerdict(context.paint, c.state)}, port ${c.port}`),
      `control store: ${control_store.says}`,
      `warehouse: ${warehouseText(pipeline.environment, warehouse)}`,
    ];
    context.out(`${lines.join("\n")}\n`);
    if (groups.length > 0) context.out(`\n${renderTable(groups.map((g) => groupLine(context, g)))}${toldText(context, groups)}`);
    context.out(`next: ${advice}\n`);
  });
}
