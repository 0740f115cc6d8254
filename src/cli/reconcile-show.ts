import { Command } from "commander";
import { lastProofsDocument } from "../documents/last-proofs.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import { type LastProof, lastProofs } from "../reconcile/kept-proofs.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { RESULTS } from "./reconcile-text.ts";
import { renderTable } from "./table.ts";

function line({ leg, of, compares, last }: LastProof) {
  return {
    leg,
    of,
    compares,
    result: last ? RESULTS[last.result] : "never",
    publication: last ? String(last.number) : "",
    "proved at": last ? `${last.provedAt.slice(0, 19)}Z` : "",
    rows: last ? String(last.rows) : "",
    differing: last ? String(last.differing) : "",
  };
}

function nextText(proofs: readonly LastProof[]): string {
  const never = proofs.filter(({ last }) => last === null).length;
  if (never > 0) return `${never} comparisons were never made; next: \`ledgerloop reconcile run\``;
  const red = proofs.filter(({ last }) => last?.result !== "equal").length;
  if (red > 0) return `${red} comparisons are not equal; next: \`ledgerloop reconcile run\``;
  const [oldest] = proofs.flatMap(({ last }) => last?.provedAt ?? []).toSorted();
  return oldest === undefined
    ? "there is nothing to compare"
    : `everything was compared at ${oldest.slice(0, 19)}Z or later, and was equal when it was`;
}

/** `ledgerloop reconcile show` */
export function reconcileShowCommand(context: CommandContext): Command {
  const command = new Command("show").description(
    "when everything was compared last, and how that ended; ops.proof has all comparisons",
  );
  return withCommonOptions(command, ["reconcile show", "reconcile show --json"]).action(async (options: CommonOptions) => {
    const pipeline = await pipelineOf(context, options);
    const hasContents = await context.app.look.sourcesWithContents(pipeline);
    const proofs = await readingIn(context.app, pipeline, (session, dialect) =>
      lastProofs(session, dialect, { pipeline, hasContents }),
    );
    const isProven = proofs.every(({ last }) => last?.result === "equal");
    const isDifferent = proofs.some(({ last }) => last?.result === "different");
    context.exitCode = isProven ? 0 : isDifferent ? EXIT_CODES.blocked : EXIT_CODES.incomplete;
    if (options.json) return printJson(context, lastProofsDocument(proofs));
    context.out(`${renderTable(proofs.map(line))}\n${nextText(proofs)}\n`);
  });
}
