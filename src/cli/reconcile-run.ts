import { Command, Option } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { healedUnasked } from "../documents/heal.ts";
import { type ReconcileDocument, reconcileDocument } from "../documents/proof.ts";
import { Failure } from "../kernel/problem.ts";
import { askInstants, asOf } from "../lineage/as-of.ts";
import { readingIn } from "../ports/reading.ts";
import type { Tier } from "../reconcile/extent.ts";
import { breaksIn, isAccepted, isRecurring, placeOf, readEvents } from "../reconcile/kept-breaks.ts";
import { asMadeLast, LEGS, type Leg, type Proof, resultOf } from "../reconcile/proof.ts";
import { type Reconciled, reconcile } from "../reconcile/reconcile.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { type Healed, healBreaks, plannedHeal } from "./heal-breaks.ts";
import { comparedSubjects, requireKnown } from "./known-subject.ts";
import { limitArgument } from "./limit-argument.ts";
import { allOrTier, reasonNeeded } from "./problems.ts";
import { renderHealed } from "./reconcile-heal.ts";
import {
  DIFFERENT,
  detailLines,
  equationLines,
  exitCodeOf,
  extentText,
  NOT_PROVEN,
  progressOf,
  RESULTS,
} from "./reconcile-text.ts";
import { untilStopped } from "./stop-signal.ts";
import { renderTable } from "./table.ts";
import { tellStanding } from "./tell-standing.ts";

/** A day. */
const MOST_SECONDS = 86_400;

const NEXT: Readonly<Record<number, string>> = {
  0: "what is published is what its sources hold, what its models give, and what the ledger says",
  [DIFFERENT]:
    "next: `ledgerloop reconcile breaks` lists each with its class and its money, `ledgerloop reconcile explain BREAK` what leads out of it",
  [NOT_PROVEN]: "next: mend what is told above, then `ledgerloop reconcile run`",
};

function equationText(pipeline: Pipeline, proofs: readonly Proof[]): string[] {
  return proofs.flatMap(({ of, equation }) =>
    equation
      ? [
          `\n${of}, as of ${equation.asOf ?? "no reading"}`,
          ...equationLines(equation.terms, pipeline.currencies).map((l) => `  ${l}`),
        ]
      : [],
  );
}

function render(context: CommandContext, pipeline: Pipeline, { groups, notReached }: Reconciled): void {
  for (const { group, number, proofs } of groups) {
    context.out(`group ${group}, publication ${number}\n`);
    const lines = proofs.map((proof) => ({
      leg: proof.leg,
      of: proof.of,
      compares: proof.compares,
      rows: String(proof.rows),
      differing: String(proof.differing),
      result: RESULTS[resultOf(proof)],
      extent: extentText(proof.chosen),
    }));
    context.out(renderTable(lines));
    for (const line of [...equationText(pipeline, proofs), ...detailLines(proofs)]) context.out(`${line}\n`);
  }
  if (notReached.length > 0) {
    context.out(`\nthe budget was used up before ${notReached.join(", ")}: what is longest ago comes first the next time\n`);
  }
  if (groups.length + notReached.length === 0) {
    context.out("nothing that was asked for is due, or can be compared\n");
    return;
  }
  const [isWhole, code] = [notReached.length === 0, exitCodeOf(groups.flatMap(({ proofs }) => proofs))];
  context.out(`\n${code === 0 && !isWhole ? "what was compared is equal" : NEXT[code]}\n`);
}

interface RunOptions extends CommonOptions {
  readonly feed?: string;
  readonly leg?: readonly Leg[];
  readonly budget?: number;
  readonly tier?: readonly Tier[];
  readonly all?: boolean;
  readonly reason?: string;
}

/** What is chosen by unasked: what a night compares. */
const NIGHTLY = ["T2", "T3", "T4"] as const;

async function prove(
  context: CommandContext,
  { pipeline, options, signal }: { pipeline: Pipeline; options: RunOptions; signal: AbortSignal },
): Promise<{ found: Reconciled; document: ReconcileDocument }> {
  const tools = await context.app.look.provingTools(pipeline);
  const { clear, ...progress } = progressOf(context);
  const { feed: only = null, leg = LEGS, budget = null, tier = NIGHTLY, all = false, reason = null } = options;
  const tiers = new Set<Tier>(all ? ["all"] : tier);
  const asked = { only, legs: new Set(leg), tiers, signal, keep: { reason }, budget, ...progress };
  return reconcile(tools, asked, async (session, dialect, found) => {
    const instants = await askInstants(pipeline, (statement) => session.rows(statement), dialect);
    const all = { feeds: [...pipeline.feeds.keys()], tables: [...pipeline.models.keys()] };
    return { found, document: reconcileDocument(found, asOf(pipeline, instants, all)) };
  }).finally(clear);
}

/**
 * Heals what a comparison has found and the pipeline says is healed unasked; null where it says nothing, or nothing of it was found. What was healed
 * twice in a week is left: its cause is elsewhere.
 */
async function healUnasked(
  context: CommandContext,
  pipeline: Pipeline,
  { found, signal }: { found: Reconciled; signal: AbortSignal },
): Promise<Healed | null> {
  const classes: ReadonlySet<string> = new Set(pipeline.reconcile.heal.automatic);
  if (classes.size === 0) return null;
  const now = new Date();
  const named = found.groups
    .flatMap(({ proofs }) => proofs)
    .flatMap(({ breaks = [], ...proof }) => breaks.map(({ keyText }) => placeOf({ ...proof, keyText })));
  const isNamed = new Set(named);
  const events = await readingIn(context.app, pipeline, (session, dialect) => readEvents(session, dialect, {}));
  const breaks = breaksIn(events).filter(
    (one) => isNamed.has(placeOf(one)) && one.isOpen && classes.has(one.class) && !isAccepted(one, now) && !isRecurring(one, now),
  );
  const plan = await plannedHeal(context, pipeline, { breaks, reason: null, ticket: null });
  return plan.healing.length === 0 ? null : healBreaks(context, pipeline, { plan, signal, log: undefined });
}

function refuseNonsense({ all, tier, reason, feed }: RunOptions, pipeline: Pipeline): void {
  if (all && tier) throw new Failure("usage", allOrTier());
  if (all && !reason) throw new Failure("usage", reasonNeeded("--all"));
  requireKnown(feed, comparedSubjects(pipeline));
}

/** The comparisons of a night, each as it ended when it was made last. */
function asProvenLast({ groups }: Reconciled, healed: Healed | null): Proof[] {
  const all = [...groups.flatMap(({ proofs }) => proofs), ...(healed?.proofs ?? []).map(({ now }) => now)];
  return asMadeLast(all, (proof) => proof);
}

/** `ledgerloop reconcile run` */
export function reconcileRunCommand(context: CommandContext): Command {
  const command = new Command("run")
    .description(
      "compare feeds with their sources (R1), curated tables with what their models give (R2), systems with one another (R3), and feeds' tables with the ledger and their own columns (R4)",
    )
    .option("--feed <id>", "only this feed, curated table or tie")
    .addOption(new Option("--leg <legs...>", "only these comparisons").choices(LEGS))
    .option(
      "--budget <seconds>",
      "begin with what was compared the longest ago, and begin nothing after so many seconds",
      limitArgument(MOST_SECONDS),
    );
  command
    .addOption(
      new Option(
        "--tier <tiers...>",
        "what changed on either side since the last comparison (T2), rows and money of ninety days (T3), what is due in turn (T4): all three by default; or rows and money of the last two days (T1)",
      ).choices(["T1", ...NIGHTLY]),
    )
    .option("--all", "everything at once, however large; needs --reason")
    .option("--reason <text>", "why; recorded with each comparison");
  return withCommonOptions(command, [
    "reconcile run --feed billing.invoices --leg R1 --json",
    'reconcile run --all --reason "restored from backup"',
  ]).action(async (options: RunOptions) => {
    const pipeline = await pipelineOf(context, options);
    refuseNonsense(options, pipeline);
    const { found, document } = await untilStopped((signal) => prove(context, { pipeline, options, signal }));
    const tell = async (healed: Healed | null) => {
      await tellStanding(context, pipeline);
      context.exitCode = exitCodeOf(asProvenLast(found, healed));
      if (options.json) return printJson(context, { ...document, healed: healed && healedUnasked(healed) });
      render(context, pipeline, found);
      if (healed) renderHealed(context, pipeline, healed);
    };
    // What was compared is told, whatever becomes of its heal.
    const failed = (error: unknown) => tell(null).then(() => Promise.reject(error));
    const healed = await untilStopped((signal) => healUnasked(context, pipeline, { found, signal })).catch(failed);
    await tell(healed);
    if (healed?.failure) throw healed.failure;
  });
}
