import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { type ReconcileDocument, reconcileDocument, resultOf } from "../documents/proof.ts";
import { EXIT_CODES, Failure } from "../kernel/problem.ts";
import { askInstants, asOf } from "../lineage/as-of.ts";
import { readingIn } from "../ports/reading.ts";
import type { Proof } from "../reconcile/proof.ts";
import { type ProvenGroup, proveWarehouse } from "../reconcile/prove.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { CLEAR, liveLine } from "./live-line.ts";
import { feedUnknown } from "./problems.ts";
import { oneLine, renderTable } from "./table.ts";

/** Exit codes of differences, and of what could not be compared. */
const { blocked: DIFFERENT, incomplete: NOT_PROVEN } = EXIT_CODES;

function exitCodeOf(groups: readonly ProvenGroup[]): number {
  const results = groups.flatMap(({ proofs }) => proofs.map(resultOf));
  if (results.includes("different")) return DIFFERENT;
  return results.includes("not_proven") ? NOT_PROVEN : 0;
}

const RESULTS = { equal: "equal", different: "DIFFERENT", not_proven: "not proven" } as const;

/** Draws what was compared last; a log has nobody who watches. */
function progress(context: CommandContext): { readonly tell: (proof: Proof) => void; readonly clear: () => void } {
  if (process.stderr.isTTY !== true) return { tell: () => undefined, clear: () => undefined };
  const draw = liveLine(context);
  return {
    tell: (proof) => draw(`${proof.leg}  ${proof.of}: ${proof.compares}: ${RESULTS[resultOf(proof)]}`),
    clear: () => context.err(CLEAR),
  };
}

const keyText = (key: Proof["keys"][number]) =>
  Object.entries(key)
    .map(([name, value]) => `${name} ${oneLine(value ?? "NULL")}`)
    .join(", ");

/** What a difference comes down to, below the table. */
function detailLines(proofs: readonly Proof[]): string[] {
  return proofs.flatMap((proof) => {
    const { of, compares, differing, keys, says, notProven } = proof;
    const told = [...says, ...(notProven === null ? [] : [notProven])];
    if (told.length === 0 && keys.length === 0) return [];
    const more = differing - BigInt(keys.length);
    return [
      `\n${of}: ${compares}`,
      ...told.map((line) => `  ${line}`),
      ...keys.map((key) => `  ${keyText(key)}`),
      ...(more > 0n ? [`  and ${more} more keys`] : []),
    ];
  });
}

const NEXT: Readonly<Record<number, string>> = {
  0: "what is published is what its models give, and what the ledger says",
  [DIFFERENT]:
    "next: `ledgerloop show row TABLE KEY` leads back to the bytes; somebody has changed rows by hand, or a disk has: docs/reconciliation.md",
  [NOT_PROVEN]: "next: `ledgerloop run`, which computes these tables again, then `ledgerloop reconcile run`",
};

function render(context: CommandContext, groups: readonly ProvenGroup[]): void {
  for (const { group, number, proofs } of groups) {
    context.out(`group ${group}, publication ${number}\n`);
    const lines = proofs.map((proof) => ({
      leg: proof.leg,
      of: proof.of,
      compares: proof.compares,
      rows: String(proof.rows),
      differing: String(proof.differing),
      result: RESULTS[resultOf(proof)],
    }));
    context.out(renderTable(lines));
    for (const line of detailLines(proofs)) context.out(`${line}\n`);
  }
  context.out(`\n${NEXT[exitCodeOf(groups)]}\n`);
}

async function prove(
  context: CommandContext,
  { pipeline, only }: { pipeline: Pipeline; only: string | null },
): Promise<{ groups: ProvenGroup[]; document: ReconcileDocument }> {
  const { tell, clear } = progress(context);
  return readingIn(context.app, pipeline, async (session, dialect) => {
    const groups = await proveWarehouse(session, dialect, { pipeline, only, tell }).finally(clear);
    const instants = await askInstants(pipeline, (statement) => session.rows(statement), dialect);
    const all = { feeds: [...pipeline.feeds.keys()], tables: [...pipeline.models.keys()] };
    return { groups, document: reconcileDocument(groups, asOf(pipeline, instants, all)) };
  });
}

/** `ledgerloop reconcile run` */
function reconcileRunCommand(context: CommandContext): Command {
  const command = new Command("run")
    .description(
      "compare curated tables with what their models give, and feeds' tables with the ledger and their own columns; reads all rows",
    )
    .option("--feed <id>", "only this feed or curated table");
  return withCommonOptions(command, ["reconcile run", "reconcile run --feed invoice --json"]).action(
    async (options: CommonOptions & { feed?: string }) => {
      const pipeline = await pipelineOf(context, options);
      const known = [...pipeline.feeds.keys(), ...pipeline.models.keys()];
      const only = options.feed ?? null;
      if (only !== null && !known.includes(only)) throw new Failure("usage", feedUnknown(only, known));
      const { groups, document } = await prove(context, { pipeline, only });
      context.exitCode = exitCodeOf(groups);
      if (options.json) return printJson(context, document);
      render(context, groups);
    },
  );
}

/** `ledgerloop reconcile` */
export function reconcileCommand(context: CommandContext): Command {
  return new Command("reconcile")
    .description("prove by content that what is published is what it should be")
    .addCommand(reconcileRunCommand(context));
}
