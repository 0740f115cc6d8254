import { Command, Option } from "commander";
import { HEALABLE_CLASSES, type HealableClass } from "../config/healable.ts";
import type { Pipeline } from "../config/pipeline.ts";
import { healDocument, healedKeys } from "../documents/heal.ts";
import { Failure } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import type { HealPlan } from "../reconcile/heal.ts";
import { type Break, breaksIn, isAccepted, isRecurring, readBreak, readEvents } from "../reconcile/kept-breaks.ts";
import { requireKept } from "../reconcile/kept-proofs.ts";
import { resultOf } from "../reconcile/proof.ts";
import { breakLine } from "./breaks-text.ts";
import { type CommandContext, type DecisionOptions, decisionOf, pipelineOf, printJson, withDecisionOptions } from "./context.ts";
import { type Healed, healBreaks, healExitCode, plannedHeal } from "./heal-breaks.ts";
import { requireKnown } from "./known-subject.ts";
import { breaksOrClass } from "./problems.ts";
import { DIFFERENT, extentText, RESULTS } from "./reconcile-text.ts";
import type { LogFormat } from "./render-events.ts";
import { renderReport } from "./render-report.ts";
import { untilStopped } from "./stop-signal.ts";
import { renderTable } from "./table.ts";
import { tellStanding } from "./tell-standing.ts";

interface HealOptions extends DecisionOptions {
  readonly class?: readonly HealableClass[];
  readonly feed?: string;
  readonly dryRun?: boolean;
  readonly log?: LogFormat;
}

/** The breaks that are meant: by their ids, or the open ones of classes that nobody has accepted. */
async function breaksMeant(
  context: CommandContext,
  pipeline: Pipeline,
  { ids, options }: { ids: readonly string[]; options: HealOptions },
): Promise<Break[]> {
  const { class: classes, feed } = options;
  if (ids.length > 0 === (classes !== undefined)) throw new Failure("usage", breaksOrClass());
  requireKnown(feed, [...pipeline.feeds.keys(), ...pipeline.models.keys()]);
  return readingIn(context.app, pipeline, async (session, dialect) => {
    if (classes === undefined) {
      const found: Break[] = [];
      for (const id of new Set(ids)) found.push((await readBreak(session, dialect, id)).broken);
      return found;
    }
    await requireKept(session, dialect);
    const now = new Date();
    const events = await readEvents(session, dialect, feed === undefined ? {} : { subject: feed });
    const wanted: ReadonlySet<string> = new Set(classes);
    return breaksIn(events).filter((one) => one.isOpen && !isAccepted(one, now) && wanted.has(one.class));
  });
}

const KEYS = { source: "read at the source", model: "computed by the model" } as const;

function renderPlan(context: CommandContext, pipeline: Pipeline, plan: HealPlan): void {
  const now = new Date();
  if (plan.healing.length > 0) context.out(renderTable(plan.healing.map((one) => breakLine(pipeline, one, now))));
  for (const { of, by, keys } of healedKeys(plan)) context.out(`${of}: ${keys} keys ${KEYS[by]}\n`);
  for (const { broken, why } of plan.notHealed)
    context.out(`not healed: ${broken.id}, ${broken.class} of ${broken.of}: ${why}\n`);
}

/** Says what would be done, and does nothing. */
function sayOnly(context: CommandContext, pipeline: Pipeline, { plan, options }: { plan: HealPlan; options: HealOptions }): void {
  context.exitCode = plan.notHealed.some(({ broken }) => broken.isOpen) ? DIFFERENT : 0;
  if (options.json) {
    printJson(context, healDocument(plan, null));
    return;
  }
  renderPlan(context, pipeline, plan);
  context.out(plan.healing.length === 0 ? "there is nothing to heal\n" : "nothing was done: --dry-run\n");
}

/** Prints what came of a heal. */
export function renderHealed(context: CommandContext, pipeline: Pipeline, healed: Healed): void {
  const { runs, proofs, now: breaks } = healed;
  const now = new Date();
  for (const report of runs) context.out(`${renderReport(report, context.paint, "heal")}\n`);
  const lines = proofs.map(({ now: proof }) => ({
    leg: proof.leg,
    of: proof.of,
    compares: proof.compares,
    extent: extentText(proof.chosen),
    differing: String(proof.differing),
    result: RESULTS[resultOf(proof)],
  }));
  if (lines.length > 0) context.out(`${renderTable(lines)}\n`);
  context.out(renderTable(breaks.map((one) => breakLine(pipeline, one, now))));
  for (const { id } of breaks.filter((one) => isRecurring(one, now))) {
    context.out(
      `${id} was healed before within a week: its cause is elsewhere, \`ledgerloop reconcile explain ${id}\` tells when\n`,
    );
  }
  const open = breaks.filter(({ isOpen }) => isOpen);
  const still = open.length === 0 ? "" : `, ${open.length} still open`;
  context.out(`\n${breaks.length - open.length} healed${still}\n`);
  const [first] = open;
  if (first) context.out(`next: \`ledgerloop reconcile explain ${first.id}\`\n`);
  else if (proofs.some(({ now: proof }) => resultOf(proof) !== "equal"))
    context.out("next: `ledgerloop reconcile breaks` lists what else differs\n");
}

/** `ledgerloop reconcile heal` */
export function reconcileHealCommand(context: CommandContext): Command {
  const command = new Command("heal")
    .description(
      "put breaks right: their keys are read again at the source, or computed again by their model, published through all gates, and compared again",
    )
    .argument("[breaks...]", "their ids, as `reconcile breaks` lists them")
    .addOption(
      new Option("--class <classes...>", "all open ones of these classes that nobody has accepted").choices(HEALABLE_CLASSES),
    )
    .option("--feed <id>", "with --class, only of this feed or curated table")
    .option("--dry-run", "say what would be healed; nothing is read and nothing published")
    .addOption(new Option("--log <format>", "progress on standard error").choices(["tty", "plain", "json"]));
  return withDecisionOptions(command, [
    "reconcile heal brk_0a1b2c3d4e brk_5f60718293",
    'reconcile heal --class missing_at_source --feed billing.subscriptions --reason "deleted in the branch, FIN-307"',
  ]).action(async (ids: readonly string[], options: HealOptions) => {
    const pipeline = await pipelineOf(context, options);
    const breaks = await breaksMeant(context, pipeline, { ids, options });
    const plan = await plannedHeal(context, pipeline, { breaks, ...decisionOf(options) });
    if (options.dryRun || plan.healing.length === 0) return sayOnly(context, pipeline, { plan, options });
    if (!options.json) renderPlan(context, pipeline, { ...plan, healing: [] });
    const further = async (isNew: (one: Break) => boolean) => {
      const breaks = (await breaksMeant(context, pipeline, { ids, options })).filter(isNew);
      return plannedHeal(context, pipeline, { breaks, ...decisionOf(options) });
    };
    const rounds = options.class ? { further } : {};
    const healed = await untilStopped((signal) => healBreaks(context, pipeline, { plan, signal, log: options.log, ...rounds }));
    await tellStanding(context, pipeline);
    context.exitCode = healExitCode(healed);
    if (options.json) printJson(context, healDocument(healed, healed));
    else renderHealed(context, pipeline, healed);
    if (healed.failure) throw healed.failure;
  });
}
