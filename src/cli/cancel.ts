import { Command } from "commander";
import { runDocument } from "../documents/run.ts";
import { requestCancel } from "../store/operations/request-cancel.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { runOrFailure } from "./show.ts";

/** `ledgerloop cancel` */
export function cancelCommand(context: CommandContext): Command {
  const command = new Command("cancel")
    .description("ask a run to stop before it publishes; a publication under way is finished")
    .argument("<run>", "run id, as `ledgerloop runs` lists it");
  return withCommonOptions(command, [
    "cancel run_20261123T100502114Z_5f0c1a",
    "cancel run_20261123T100502114Z_5f0c1a --json",
  ]).action(async (runId: string, options: CommonOptions) => {
    const pipeline = await pipelineOf(context, options);
    const { state, run } = await context.app.look.withStore(pipeline, async (store) => {
      await runOrFailure(store, runId);
      const asked = await requestCancel(store, runId, context.app.actor());
      return { state: asked, run: runDocument((await runOrFailure(store, runId)).run) };
    });
    if (options.json) return printJson(context, { run_id: runId, state, status: run.status, outcome: run.outcome });
    const says = {
      requested:
        run.status === "died" ? `${runId} had died already; its lease has ended` : `${runId} will stop before it publishes`,
      finished: `${runId} had finished already: ${run.outcome}`,
      unknown: `${runId} is not in the journal`,
    };
    context.out(`${says[state]}\nnext: \`ledgerloop show ${runId}\`\n`);
  });
}
