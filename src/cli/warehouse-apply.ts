import { randomUUID } from "node:crypto";
import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { recordAudit } from "../ledger/audit-trail.ts";
import type { App, DialectName } from "../ports/ports.ts";
import { type AppliedFile, applyDeployment, deploymentFacts } from "../schema/deployment.ts";
import type { DdlFile } from "../warehouse/deployment.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";
import { renderTable } from "./table.ts";

/** The database that DDL names where the environment is no Snowflake one. */
const USUAL_DATABASE = "LEDGERLOOP";

/** The DDL files of a pipeline for an engine, as its environment asks. */
export async function deploymentFiles(
  app: App,
  pipeline: Pipeline,
  engine: DialectName,
): Promise<{ dialect: Dialect; files: DdlFile[] }> {
  const { warehouse, objectStore } = pipeline.environment;
  const dialect = await app.look.dialect(engine);
  const place = {
    database: warehouse.kind === "snowflake" ? warehouse.database : USUAL_DATABASE,
    landing: objectStore.kind === "s3" ? objectStore.path : null,
  };
  return { dialect, files: (await app.look.deployment(engine))(deploymentFacts(dialect, pipeline, place)) };
}

async function apply(context: CommandContext, pipeline: Pipeline, options: DecisionOptions): Promise<AppliedFile[]> {
  const { app } = context;
  const { dialect, files } = await deploymentFiles(app, pipeline, pipeline.environment.warehouse.kind);
  const warehouse = await app.upkeep.deployingWarehouse(pipeline);
  const session = await warehouse.open({ purpose: "warehouse apply", tag: () => ({ stage: "apply", code: app.version }) });
  try {
    const origin = {
      id: `apply_${randomUUID()}`,
      group: null,
      actor: app.actor(),
      ...decisionOf(options),
      codeVersion: app.version,
      at: new Date(),
    };
    const onFile = ({ file, outcome }: AppliedFile) => context.err(`${file}: ${outcome}\n`);
    const applied = await applyDeployment(session, dialect, { pipeline, files, origin, onFile });
    const entry = { event: "warehouse.applied", subject: pipeline.name, detail: JSON.stringify(applied) };
    await session.transaction(async () => {
      for (const statement of recordAudit(dialect, origin, [entry])) await session.run(statement);
    });
    return applied;
  } finally {
    await session.close();
  }
}

/** `ledgerloop warehouse apply` */
export function warehouseApplyCommand(context: CommandContext): Command {
  const command = new Command("apply").description(
    "create and widen what the pipeline needs, in order; refuses what would destroy, and says what the account does not allow",
  );
  return withDecisionOptions(command, [
    "warehouse apply --env production",
    'warehouse apply --reason "new feed" --ticket FIN-118 --json',
  ]).action(async (options: DecisionOptions) => {
    const pipeline = await pipelineOf(context, options);
    const applied = await apply(context, pipeline, options);
    if (options.json) return printJson(context, { environment: pipeline.environment.name, files: applied });
    context.out(renderTable(applied.map(({ file, outcome, reason }) => ({ file, outcome, reason: reason ?? "" }))));
    const left = applied.filter((f) => f.outcome !== "applied").length;
    context.out(
      left === 0
        ? "everything is applied; next: `ledgerloop run`\n"
        : `${left} files are for somebody with other rights, or a decision: \`ledgerloop warehouse ddl\` prints them; next: \`ledgerloop doctor\`\n`,
    );
  });
}
