import { Command } from "commander";
import { recheckDocument } from "../documents/recheck.ts";
import { readingIn } from "../ports/reading.ts";
import { resultOf } from "../reconcile/proof.ts";
import { type Moved, type Rechecked, readComparison, recheck, recheckWords } from "../reconcile/recheck.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { detailLines, exitCodeOf, extentText, progressOf, RESULTS, secondOf } from "./reconcile-text.ts";
import { untilStopped } from "./stop-signal.ts";
import { renderTable } from "./table.ts";
import { tellStanding } from "./tell-standing.ts";

const EXAMPLE = "reconcile_20261129T020000000Z_a1b2c3/billing.invoices/4/1";

const MOVED: Readonly<Record<Moved, string>> = { same: "what it was", moved: "moved on", unknown: "" };

function render(context: CommandContext, found: Rechecked): void {
  const { kept, now, number, source, published } = found;
  const lines = [
    {
      "": "then",
      at: secondOf(kept.provedAt),
      publication: String(kept.number),
      rows: String(kept.rows),
      differing: String(kept.differing),
      source: "",
      published: "",
      result: RESULTS[kept.result],
    },
    {
      "": "now",
      at: "",
      publication: String(number),
      rows: String(now.rows),
      differing: String(now.differing),
      source: MOVED[source],
      published: MOVED[published],
      result: RESULTS[resultOf(now)],
    },
  ];
  context.out(`${now.leg} ${now.of}: ${now.compares}, ${extentText(now.chosen)}\n${renderTable(lines)}`);
  for (const line of detailLines([now])) context.out(`${line}\n`);
  context.out(`\n${recheckWords(found)}\n`);
}

/** `ledgerloop reconcile recheck` */
export function reconcileRecheckCommand(context: CommandContext): Command {
  const command = new Command("recheck")
    .description("make one kept comparison again over the same extent, and say whether its sides moved on since")
    .argument("<proof>", "id of a comparison in ops.proof, as `reconcile run` and `reconcile show --json` print it");
  return withCommonOptions(command, [`reconcile recheck ${EXAMPLE}`, `reconcile recheck ${EXAMPLE} --json`]).action(
    async (id: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const kept = await readingIn(context.app, pipeline, (session, dialect) => readComparison(session, dialect, id));
      const tools = await context.app.look.provingTools(pipeline);
      const { clear, ...progress } = progressOf(context);
      const found = await untilStopped((signal) => recheck(tools, kept, { signal, ...progress }).finally(clear));
      await tellStanding(context, pipeline);
      context.exitCode = exitCodeOf([found.now]);
      if (options.json) return printJson(context, recheckDocument(found));
      render(context, found);
    },
  );
}
