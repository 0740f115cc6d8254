import { writeFileSync } from "node:fs";
import { Command } from "commander";
import { lastProofsDocument } from "../documents/last-proofs.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import { type LastProof, lastProofs } from "../reconcile/kept-proofs.ts";
import { oldestLook } from "../reconcile/standing.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { coverageLines, type When } from "./coverage.ts";
import { coverageSvg } from "./coverage-svg.ts";
import { RESULTS, secondOf } from "./reconcile-text.ts";
import { renderTable } from "./table.ts";

/** How much of it was compared at one time or another. */
function comparedText({ standing }: LastProof): string {
  const { pieces } = standing;
  const compared = pieces.filter(({ last }) => last !== null).length;
  if (compared === pieces.length) return pieces.length === 1 ? "whole" : `${pieces.length} stretches`;
  return compared === 0 ? "" : `${compared} of ${pieces.length} stretches`;
}

function line(proof: LastProof) {
  const { leg, of, compares, standing, last } = proof;
  const oldest = oldestLook(standing);
  return {
    leg,
    of,
    compares,
    result: last ? RESULTS[standing.result] : "never",
    publication: last ? String(last.number) : "",
    "last at": last ? secondOf(last.provedAt) : "",
    compared: comparedText(proof),
    "oldest at": oldest === null ? (last ? "never" : "") : secondOf(oldest),
    rows: last ? String(last.rows) : "",
    differing: last ? String(last.differing) : "",
  };
}

function nextText(proofs: readonly LastProof[]): string {
  const never = proofs.filter(({ last }) => last === null).length;
  if (never > 0) return `${never} comparisons were never made; next: \`ledgerloop reconcile run\``;
  const differing = proofs.filter(({ standing }) => standing.result === "different").length;
  if (differing > 0) return `${differing} comparisons differ; next: \`ledgerloop reconcile breaks\``;
  const partly = proofs.filter(({ standing }) => oldestLook(standing) === null).length;
  if (partly > 0) {
    return `of ${partly} comparisons something was never made; next: \`ledgerloop reconcile run\` each night, or \`ledgerloop reconcile run --all --reason "…"\` at once`;
  }
  const open = proofs.filter(({ standing }) => standing.result !== "equal").length;
  if (open > 0) return `${open} comparisons are not equal; next: \`ledgerloop reconcile run\``;
  const [oldest] = proofs.flatMap(({ standing }) => oldestLook(standing) ?? []).toSorted();
  return oldest === undefined
    ? "there is nothing to compare"
    : `everything was compared at ${secondOf(oldest)} or later, and was equal when it was`;
}

function render(
  context: CommandContext,
  proofs: readonly LastProof[],
  { schedule, ...when }: When & { schedule: string | null },
): void {
  const drawn = coverageLines(proofs, when).map((text) => `${text}\n`);
  const night = schedule === null ? "" : `a night is scheduled: ${schedule}\n`;
  context.out(
    [`${renderTable(proofs.map(line))}\n`, ...drawn, drawn.length > 0 ? "\n" : "", `${nextText(proofs)}\n`, night].join(""),
  );
}

interface ShowOptions extends CommonOptions {
  readonly svg?: string;
}

/** `ledgerloop reconcile show` */
export function reconcileShowCommand(context: CommandContext): Command {
  const command = new Command("show")
    .description("when everything was compared last, and how that ended; ops.proof has all comparisons")
    .option("--svg <file>", "also draw it into a file, a box for each stretch");
  return withCommonOptions(command, ["reconcile show", "reconcile show --svg coverage.svg"]).action(
    async (options: ShowOptions) => {
      const pipeline = await pipelineOf(context, options);
      const hasContents = await context.app.look.sourcesWithContents(pipeline);
      const proofs = await readingIn(context.app, pipeline, (session, dialect) =>
        lastProofs(session, dialect, { pipeline, hasContents }),
      );
      const isProven = proofs.every(({ standing }) => standing.result === "equal");
      const isDifferent = proofs.some(({ standing }) => standing.result === "different");
      context.exitCode = isProven ? 0 : isDifferent ? EXIT_CODES.blocked : EXIT_CODES.incomplete;
      const { nights, schedule } = pipeline.reconcile;
      const when = { now: new Date(), nights };
      if (options.svg !== undefined) writeFileSync(options.svg, coverageSvg(proofs, when));
      if (options.json) return printJson(context, lastProofsDocument(proofs, schedule));
      render(context, proofs, { ...when, schedule });
    },
  );
}
