import { Command } from "commander";
import type { Environment } from "../config/pipeline.ts";
import { clusterDocument } from "../documents/cluster.ts";
import type { ProvenDocument } from "../documents/proven.ts";
import { type GroupStatus, storeStatus } from "../documents/status.ts";
import { megabytes } from "../kernel/megabytes.ts";
import type { WarehouseFile } from "../warehouse/warehouse-file.ts";
import { asOfText } from "./as-of-text.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { paintVerdict } from "./paint.ts";
import { RESULTS } from "./reconcile-text.ts";
import { renderTable } from "./table.ts";

function warehouseText({ warehouse }: Environment, { path, exists, bytes, locked_by: lock }: WarehouseFile): string {
  if (warehouse.kind === "snowflake") return `snowflake, account ${warehouse.account}, database ${warehouse.database}`;
  if (!exists) return `${path}: not created yet`;
  const size = `${megabytes(bytes ?? 0)} MB`;
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

/** What comparisons come to: everything in a line, and what of feeds and tables is not equal. */
function provenText(proven: ProvenDocument | null): string {
  if (proven === null) return "\nnothing was compared with its source yet: `ledgerloop reconcile run`\n";
  const { equal, different, not_proven, never, oldest, open_breaks, accepted_breaks, at } = proven;
  const parts = [
    `${equal} comparisons equal`,
    ...(different > 0 ? [`${different} different`] : []),
    ...(not_proven > 0 ? [`${not_proven} not proven`] : []),
    never > 0 ? `something of ${never} never made` : `the oldest of ${oldest ?? at}`,
  ];
  const breaks =
    open_breaks + accepted_breaks === 0
      ? ""
      : `; ${open_breaks} open breaks and ${accepted_breaks} accepted: \`ledgerloop reconcile breaks\``;
  const rest = proven.last.filter(({ result }) => result !== "equal");
  const lines = rest.map(({ leg, of, result, at: when }) => ({
    leg,
    of,
    result: result === null ? "never" : RESULTS[result],
    "last at": when ?? "",
  }));
  return `\nproven as of ${at}: ${parts.join(", ")}${breaks}\n${lines.length > 0 ? renderTable(lines) : ""}`;
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
    const { control_store, groups, as_of, proven, next } = await storeStatus(context.app, pipeline);
    const { version } = context.app;
    const state_folder = context.app.look.stateFolder(pipeline);
    const advice = next ?? "`ledgerloop runs` lists runs; `ledgerloop doctor` checks everything";
    if (options.json) {
      const names = { version, pipeline: pipeline.name, environment: pipeline.environment.name };
      return printJson(context, {
        ...names,
        state_folder,
        clusters,
        warehouse,
        control_store,
        groups,
        as_of,
        proven,
        next: advice,
      });
    }
    const lines = [
      `ledgerloop ${version}, pipeline ${pipeline.name}, environment ${pipeline.environment.name}`,
      ...clusters.flatMap((c) => [
        `cluster ${c.name}: ${paintVerdict(context.paint, c.state)}, port ${c.port}`,
        ...(c.connect === null ? [] : [`  ${c.connect}`]),
      ]),
      `control store: ${control_store.says}`,
      `warehouse: ${warehouseText(pipeline.environment, warehouse)}`,
    ];
    context.out(`${lines.join("\n")}\n`);
    if (groups.length > 0) context.out(`\n${renderTable(groups.map((g) => groupLine(context, g)))}${toldText(context, groups)}`);
    if (as_of && groups.some((g) => g.last_publication !== null)) context.out(`\n${asOfText(as_of)}`);
    context.out(provenText(proven));
    context.out(`next: ${advice}\n`);
  });
}
